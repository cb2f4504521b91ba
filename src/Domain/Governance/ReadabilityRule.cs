using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Flywheel.Domain.Governance.Copy;

namespace Flywheel.Domain.Governance;

/// <summary>What makes copy hard to read or loud. It warns and never blocks: taste is for people.</summary>
internal sealed class ReadabilityRule : IGuardrail
{
    /// <summary>Letters of a word; "anticonstitutionnellement" has 25.</summary>
    private const int LongestWord = 26;

    /// <summary>Words of a sentence.</summary>
    private const int LongestSentence = 35;

    /// <summary>Capital letters that may stand together with hardly a small one: an abbreviation, not a headline.</summary>
    private const int MostCapitals = 12;

    private const int MostEmoji = 3;

    private static readonly Regex Repeated = new(@"[!?]{3,}|([!?]\s){2,}[!?]|\.{4,}|,{2,}|…{2,}|[!?.,;:*~=_+-]{5,}", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture);

    public string Name => "readability";

    public void Inspect(Inspection inspection, FindingList findings)
    {
        foreach (var passage in inspection.Copy.Where(passage => !passage.IsNumber))
        {
            InspectWords(passage, findings);
            InspectLoudness(passage, findings);
        }
    }

    private static void InspectWords(Passage passage, FindingList findings)
    {
        var words = 0;
        foreach (var token in passage.Folded.Tokens)
        {
            if (token.Kind == GlyphKind.Letter && token.Text.Length > LongestWord)
                findings.Warn(passage.Field, $"a word of {token.Text.Length} letters ({FindingList.Quote(token.Text)})", $"words of at most {LongestWord}");
            if (HasStretch(token))
                findings.Warn(passage.Field, $"{FindingList.Quote(token.Text)}, a letter four times in a row", "each letter as often as it is spelt");
            if (token.IsWord)
                words++;
            else if (token.IsMark('.') || token.IsMark('!') || token.IsMark('?') || token.IsMark('…'))
                words = 0;
            if (words == LongestSentence + 1)
                findings.Warn(passage.Field, $"a sentence of more than {LongestSentence} words", "a shorter one");
        }
    }

    private static bool HasStretch(Token token)
    {
        for (var i = 3; i < token.Text.Length && token.Kind == GlyphKind.Letter; i++)
        {
            if (token.Text[i] == token.Text[i - 1] && token.Text[i] == token.Text[i - 2] && token.Text[i] == token.Text[i - 3])
                return true;
        }
        return false;
    }

    private static void InspectLoudness(Passage passage, FindingList findings)
    {
        var (capitals, letters, emoji) = (0, 0, 0);
        foreach (var rune in passage.Text.EnumerateRunes())
        {
            letters += Rune.IsLower(rune) || Rune.IsUpper(rune) ? 1 : 0;
            capitals += Rune.IsUpper(rune) ? 1 : 0;
            emoji += IsEmoji(rune) ? 1 : 0;
        }
        if (capitals > MostCapitals && capitals * 10 > letters * 7)
            findings.Warn(passage.Field, $"{capitals} of {letters} letters are capitals", "sentence case");
        if (Repeated.Match(passage.Text) is { Success: true } match)
            findings.Warn(passage.Field, $"{FindingList.Quote(match.Value)}", "one punctuation mark at a time");
        if (emoji > MostEmoji)
            findings.Warn(passage.Field, $"{emoji} emoji", $"at most {MostEmoji}");
    }

    /// <summary>Pictures beyond the Basic Multilingual Plane, skin tones aside (they belong to the picture before them).</summary>
    private static bool IsEmoji(Rune rune) => rune.Value >= 0x1F300 && Rune.GetUnicodeCategory(rune) == UnicodeCategory.OtherSymbol;
}
