using System.Globalization;
using System.Text;
using Flywheel.Domain.Governance.Copy;

namespace Flywheel.Domain.Governance;

/// <summary>
/// Nothing that a reader doesn't see or takes for something else: control, direction and invisible characters, private and unassigned ones,
/// marks stacked on letters, alphabets in costume, and words that borrow letters from another script.
/// </summary>
internal sealed class CharactersRule : IGuardrail
{
    /// <summary>Marks on one letter in a row; no orthography needs more.</summary>
    private const int MostMarks = 3;

    public string Name => "characters";

    public void Inspect(Inspection inspection, FindingList findings)
    {
        foreach (var passage in inspection.Passages.Where(passage => passage.Kind != PassageKind.Address))
        {
            InspectSigns(passage, findings);
            InspectScripts(passage, findings);
        }
    }

    private static void InspectSigns(Passage passage, FindingList findings)
    {
        var runes = passage.Text.EnumerateRunes().ToArray();
        var marks = 0;
        for (var i = 0; i < runes.Length; i++)
        {
            marks = Rune.GetUnicodeCategory(runes[i]) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark && !IsSelector(runes[i]) ? marks + 1 : 0;
            if (marks == MostMarks + 1)
                findings.Block(passage.Field, $"more than {MostMarks} marks on one letter", "letters that can be read");
            if (WhatIsWrong(runes, i) is { } wrong)
                findings.Block(passage.Field, $"U+{runes[i].Value:X4}, {wrong}", "plain letters, spaces and punctuation");
        }
    }

    private static string? WhatIsWrong(Rune[] runes, int i)
    {
        var rune = runes[i];
        var category = Rune.GetUnicodeCategory(rune);
        return rune.Value switch
        {
            '\n' or '\r' => null,
            (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069) or 0x200E or 0x200F or 0x061C => "which turns the direction of the text",
            0x2028 or 0x2029 => "a control character",
            0x200D => JoinsEmoji(runes, i) || JoinsLetters(runes, i) ? null : "an invisible joiner",
            0x200C => JoinsLetters(runes, i) ? null : "an invisible character",
            0xFFFD or 0xFFFC => "what is left of a character that was lost",
            (>= 0x0334 and <= 0x0338) or (>= 0x20D0 and <= 0x20E2) or (>= 0x20E4 and <= 0x20FF) => "a line or ring over a letter",
            0x20E3 => i > 0 && (IsSelector(runes[i - 1]) || Rune.IsDigit(runes[i - 1])) ? null : "a line or ring over a letter",
            _ when IsSelector(rune) => i > 0 && CanBeSelected(runes[i - 1]) ? null : "an invisible character",
            _ when Scripts.IsFiller(rune) || rune.Value == 0x034F => "an invisible character",
            _ when Scripts.IsDisguise(rune) => "a letter in costume",
            _ => category switch
            {
                UnicodeCategory.Control => "a control character",
                UnicodeCategory.Format => "an invisible character",
                UnicodeCategory.PrivateUse => "a character of private use",
                UnicodeCategory.OtherNotAssigned => "no character",
                _ => null,
            },
        };
    }

    private static bool IsSelector(Rune rune) => rune.Value is (>= 0xFE00 and <= 0xFE0F) or (>= 0xE0100 and <= 0xE01EF);

    /// <summary>Emoji presentation follows symbols, punctuation, digits of keycaps, and the letter-like information sign.</summary>
    private static bool CanBeSelected(Rune rune) =>
        rune.Value == 0x2139 || Rune.IsSymbol(rune) || Rune.IsPunctuation(rune) || Rune.IsDigit(rune);

    private static bool JoinsEmoji(Rune[] runes, int i) =>
        i > 0 && i + 1 < runes.Length && (Rune.IsSymbol(runes[i - 1]) || IsSelector(runes[i - 1])) && Rune.IsSymbol(runes[i + 1]);

    /// <summary>Arabic and Indic scripts spell with joiners.</summary>
    private static bool JoinsLetters(Rune[] runes, int i) =>
        i > 0 && i + 1 < runes.Length && NeedsJoiners(runes[i - 1]) && NeedsJoiners(runes[i + 1]);

    private static bool NeedsJoiners(Rune rune) => rune.Value is (>= 0x0600 and < 0x0900) or (>= 0x0900 and < 0x0E00) or (>= 0x1000 and < 0x10A0) or (>= 0x1780 and < 0x1800);

    private static void InspectScripts(Passage passage, FindingList findings)
    {
        var isLatin = MostlyLatin(passage.Text);
        foreach (var word in WordsOf(passage.Text))
        {
            var scripts = word.EnumerateRunes().Select(Scripts.Of).Where(script => script != Script.Common).Distinct().ToArray();
            if (scripts.Length > 1 && scripts.Any(script => script is not (Script.Latin or Script.EastAsian)))
                findings.Block(passage.Field, $"{FindingList.Quote(word)} in letters of {string.Join(" and ", scripts)}", "words in letters of one script");
            else if (isLatin && IsMimicry(word, scripts))
                findings.Block(passage.Field, $"{FindingList.Quote(word)} in letters of {scripts[0]} that look Latin", "Latin letters");
        }
    }

    /// <summary>A word whose letters all have Latin doubles. A single Greek letter is more often a symbol.</summary>
    private static bool IsMimicry(string word, Script[] scripts) =>
        scripts is [not (Script.Latin or Script.EastAsian)]
        && !(scripts[0] == Script.Greek && word.Length == 1)
        && word.EnumerateRunes().All(rune => LookAlikes.Of(rune) is not null);

    private static bool MostlyLatin(string text)
    {
        var (latin, letters) = (0, 0);
        foreach (var script in text.EnumerateRunes().Select(Scripts.Of).Where(script => script != Script.Common))
        {
            letters++;
            latin += script == Script.Latin ? 1 : 0;
        }
        return 2 * latin > letters;
    }

    /// <summary>Runs of letters and what sits on or between them unseen.</summary>
    private static IEnumerable<string> WordsOf(string text)
    {
        var word = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsLetter(rune))
            {
                word.Append(rune);
            }
            else if (!Scripts.IsInvisible(rune) && word.Length > 0)
            {
                yield return word.ToString();
                word.Clear();
            }
        }
        if (word.Length > 0)
            yield return word.ToString();
    }
}
