using System.Text;
using Flywheel.Domain.Governance.Copy;

namespace Flywheel.Domain.Governance.Languages;

/// <summary>
/// Which language a text is in, from its most common words (each counted once), its elisions, endings and accented letters: no model, no data,
/// and no answer where the evidence is thin.
/// </summary>
/// <param name="Words">Words of the text.</param>
/// <param name="Sure">The language, where it is sure; null where it is not.</param>
/// <param name="IsForeignScript">True where most letters belong to a script that none of the languages use.</param>
internal readonly record struct LanguageGuess(int Words, Language? Sure, bool IsForeignScript)
{
    /// <summary>Words below which a text says nothing about its language.</summary>
    public const int FewestWords = 4;

    /// <summary>Evidence, in stop words, that it takes at least.</summary>
    private const double Least = 2;

    /// <summary>Times the evidence for the next language.</summary>
    private const double Lead = 2;

    /// <summary>Share of the words that has to be evidence.</summary>
    private const double LeastShare = 0.2;

    /// <summary>Letters of another script that it takes at least.</summary>
    private const int FewestLetters = 4;

    public static LanguageGuess Of(Folded text)
    {
        var words = text.Tokens.Count(token => token.Kind == GlyphKind.Letter);
        if (MostlyForeign(text.Text))
            return new LanguageGuess(words, null, IsForeignScript: true);
        var evidence = new double[Enum.GetValues<Language>().Length];
        AddWords(text, evidence);
        AddLetters(text.Text, evidence);
        var best = Array.IndexOf(evidence, evidence.Max());
        var next = evidence.Where((_, language) => language != best).Max();
        var isSure = words >= FewestWords && evidence[best] >= Least && evidence[best] >= Lead * next && evidence[best] >= LeastShare * words;
        return new LanguageGuess(words, isSure ? (Language)best : null, IsForeignScript: false);
    }

    private static void AddWords(Folded text, double[] evidence)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < text.Tokens.Length; i++)
        {
            var word = text.Tokens[i].Text;
            if (!text.Tokens[i].IsWord || !seen.Add(word))
                continue;
            if (IsElision(text, i))
            {
                evidence[(int)Language.French] += 1;
                continue;
            }
            var languages = StopWords.Of(word);
            foreach (var language in languages)
                evidence[(int)language] += 1.0 / languages.Length;
            if (languages.IsEmpty && word.Length > 4)
                AddEnding(word, evidence);
        }
    }

    /// <summary>Endings that hardly another of the languages has, half a word each.</summary>
    private static void AddEnding(string word, double[] evidence)
    {
        if (word.EndsWith("ing", StringComparison.Ordinal))
            evidence[(int)Language.English] += 0.5;
        else if (word.EndsWith("ez", StringComparison.Ordinal) || word.EndsWith("eux", StringComparison.Ordinal) || word.EndsWith("aient", StringComparison.Ordinal))
            evidence[(int)Language.French] += 0.5;
    }

    /// <summary>French l', d', j', qu' and their like before a word. Italian has some of them; its other words outweigh that.</summary>
    private static bool IsElision(Folded text, int i) =>
        text.Tokens[i].Text is "l" or "d" or "j" or "c" or "n" or "m" or "t" or "s" or "qu" or "jusqu" or "lorsqu" or "puisqu"
        && i + 2 < text.Tokens.Length
        && text.Tokens[i + 1] is { IsGlued: true } mark && mark.IsMark('\'')
        && text.Tokens[i + 2] is { IsGlued: true, Kind: GlyphKind.Letter }
        && !(i > 0 && text.Tokens[i - 1].IsMark('\'') && text.Tokens[i].IsGlued);

    /// <summary>Letters that some of the languages have and others don't; half a word each, shared among those that have it.</summary>
    private static void AddLetters(string text, double[] evidence)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            ReadOnlySpan<Language> languages = Rune.ToLowerInvariant(rune).Value switch
            {
                'œ' or 'û' or 'î' or 'ï' or 'ë' or 'ù' => [Language.French],
                'è' or 'à' => [Language.French, Language.Italian],
                'ê' or 'ç' or 'ô' or 'â' => [Language.French, Language.Portuguese],
                'é' => [Language.French, Language.Spanish, Language.Portuguese],
                'ñ' or '¿' or '¡' => [Language.Spanish],
                'ã' or 'õ' => [Language.Portuguese],
                'ß' or 'ä' or 'ö' or 'ü' => [Language.German],
                _ => [],
            };
            foreach (var language in languages)
                evidence[(int)language] += 0.5 / languages.Length;
        }
    }

    private static bool MostlyForeign(string text)
    {
        var (foreign, letters) = (0, 0);
        foreach (var script in text.EnumerateRunes().Select(Scripts.Of).Where(script => script != Script.Common))
        {
            letters++;
            foreign += script == Script.Latin ? 0 : 1;
        }
        return foreign >= FewestLetters && 2 * foreign > letters;
    }
}
