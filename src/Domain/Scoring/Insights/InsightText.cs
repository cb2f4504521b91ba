using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Flywheel.Domain.Scoring.Insights;

/// <summary>Checks what a model made of a sentence.</summary>
public static class InsightText
{
    /// <summary>The longest text that is accepted, in UTF-16 units.</summary>
    public const int MaxLength = 2_000;

    /// <summary>
    /// Words that are numbers by themselves in English or French. <c>un</c>, <c>une</c> and <c>a</c> are articles and not among them. From thirty on, and for
    /// parts and multiples, a word stands for itself: it may be kept, but not come anew.
    /// </summary>
    private static readonly FrozenDictionary<string, string> Words = Name(
        ("0", "zero zéro"), ("1", "one"), ("2", "two deux"), ("3", "three trois"), ("4", "four quatre"), ("5", "five cinq"), ("6", "six"),
        ("7", "seven sept"), ("8", "eight huit"), ("9", "nine neuf"), ("10", "ten dix"), ("11", "eleven onze"), ("12", "twelve douze"), ("13", "thirteen treize"),
        ("14", "fourteen quatorze"), ("15", "fifteen quinze"), ("16", "sixteen seize"), ("17", "seventeen dix-sept"), ("18", "eighteen dix-huit"),
        ("19", "nineteen dix-neuf"), ("20", "twenty vingt"),
        ("", "thirty forty fifty sixty seventy eighty ninety hundred hundreds thousand thousands million millions billion billions dozen dozens half halves halved "
            + "third thirds quarter quarters twice thrice double doubled doubles triple tripled triples threefold twofold tenfold "
            + "trente quarante cinquante soixante cent cents mille millier milliers milliard milliards douzaine dizaine vingtaine centaine centaines moitié demi demie "
            + "tiers quart quarts doublé triplé quadruple quadruplé"));

    /// <summary>
    /// True where a rephrased sentence has every number of the original, as often, and no other. Numbers are compared by value, in English and
    /// French notation and as words up to twenty, with their sign and percent sign; one that could be read in two ways, as 1,234, has to
    /// stay as it is. Names that hold a digit, as h1, count as numbers. Where it is false the original is to be kept.
    /// </summary>
    public static bool KeepsFigures(string original, string rephrased)
    {
        ArgumentNullException.ThrowIfNull(original);
        ArgumentNullException.ThrowIfNull(rephrased);
        return rephrased.Length <= MaxLength && rephrased.Trim().Length > 0 && NumbersOf(original).SequenceEqual(NumbersOf(rephrased));
    }

    /// <summary>All numbers of a text in one notation, sorted.</summary>
    private static List<string> NumbersOf(string text)
    {
        var (numbers, at) = (new List<string>(), 0);
        text = Plain(text);
        while (at < text.Length)
        {
            var start = at;
            if (char.IsAsciiDigit(text[at]))
                numbers.Add(ReadNumber(text, ref at));
            else if (char.IsLetter(text[at]))
                ReadWord(text, ref at, numbers);
            else
                at += Rune.TryGetRuneAt(text, at, out var rune) ? rune.Utf16SequenceLength : 1;
            // Digits of other scripts, ½, ², Ⅳ and ‰ are compared as they are.
            if (Rune.TryGetRuneAt(text, start, out var first) && !first.IsAscii && (Rune.IsNumber(first) || first.Value == '‰'))
                numbers.Add(first.ToString());
        }
        numbers.Sort(StringComparer.Ordinal);
        return numbers;
    }

    private static string Plain(string text) => text.ToLowerInvariant().Replace('−', '-').Replace('\u00a0', ' ').Replace('\u202f', ' ').Replace('\u2009', ' ');

    private static string ReadNumber(string text, ref int at)
    {
        var start = at;
        if (IsName(text, at, out var end))
        {
            at = end;
            return text[start..end];
        }
        var digits = new StringBuilder();
        var isGrouped = false;
        while (at < text.Length && char.IsAsciiDigit(text[at]))
        {
            digits.Append(text[at++]);
            if (at < text.Length && text[at] is '.' or ',' && At(text, at + 1) is { } next && char.IsAsciiDigit(next))
                digits.Append(text[at++]);
            else if (at - start <= 3 || isGrouped)
                isGrouped |= SkipGroupSpace(text, ref at);
        }
        var sign = start > 0 && text[start - 1] == '-' && !(At(text, start - 2) is { } before && char.IsLetterOrDigit(before)) ? "-" : "";
        return sign + Value(digits.ToString(), isGrouped) + (SkipPercent(text, ref at) ? "%" : "");
    }

    /// <summary>True where what begins with a digit is a name: 3d, 2026-summer.</summary>
    private static bool IsName(string text, int from, out int end)
    {
        end = from;
        while (end < text.Length && (char.IsLetterOrDigit(text[end]) || text[end] == '_' || text[end] == '-' && At(text, end + 1) is { } next && char.IsLetterOrDigit(next)))
            end++;
        return text[from..end].Any(char.IsLetter) || text[from..end].Contains('_', StringComparison.Ordinal);
    }

    /// <summary>Skips the space between groups of three digits.</summary>
    private static bool SkipGroupSpace(string text, ref int at)
    {
        var digits = at + 1;
        while (At(text, digits) is { } digit && char.IsAsciiDigit(digit))
            digits++;
        if (At(text, at) != ' ' || digits != at + 4)
            return false;
        at++;
        return true;
    }

    private static bool SkipPercent(string text, ref int at)
    {
        foreach (var sign in (ReadOnlySpan<string>)["%", " %", " percent", " per cent", " pour cent", " pour-cent"])
        {
            if (string.CompareOrdinal(text, at, sign, 0, sign.Length) != 0)
                continue;
            at += sign.Length;
            return true;
        }
        return false;
    }

    /// <summary>The value of digits and separators in one notation; as they are where they can be read in two ways.</summary>
    private static string Value(string digits, bool isGrouped)
    {
        var last = digits.LastIndexOfAny(['.', ',']);
        if (last < 0)
            return Trim(digits);
        var (whole, part) = (digits[..last], digits[(last + 1)..]);
        var earlier = whole.IndexOfAny(['.', ',']) is >= 0 and var first ? whole[first] : '\0';
        if (earlier == digits[last])
            return whole.Split(earlier).Skip(1).All(group => group.Length == 3) && part.Length == 3 ? Trim(digits.Replace($"{earlier}", "", StringComparison.Ordinal)) : digits;
        if (part.Length == 3 && !isGrouped && earlier == '\0' && whole.TrimStart('0').Length is > 0 and <= 3)
            return digits;
        return Trim(whole.Replace(".", "", StringComparison.Ordinal).Replace(",", "", StringComparison.Ordinal) + "." + part);
    }

    private static string Trim(string number)
    {
        number = number.TrimStart('0');
        if (number.Contains('.', StringComparison.Ordinal))
            number = number.TrimEnd('0').TrimEnd('.');
        return number.Length == 0 || number[0] == '.' ? "0" + number : number;
    }

    /// <summary>A word is read with what hyphens join to it: h-1 is a name, dix-sept one number, twenty-one two.</summary>
    private static void ReadWord(string text, ref int at, List<string> numbers)
    {
        var start = at;
        while (at < text.Length && (char.IsLetterOrDigit(text[at]) || text[at] == '_' || text[at] == '-' || CharUnicodeInfo.GetUnicodeCategory(text[at]) == UnicodeCategory.NonSpacingMark))
            at++;
        var word = text[start..at].TrimEnd('-');
        if (word.Any(char.IsDigit))
            numbers.Add(word);
        else if (Words.TryGetValue(word, out var known))
            numbers.Add(known);
        else
            numbers.AddRange(word.Split('-').Select(each => Words.GetValueOrDefault(each)).OfType<string>());
    }

    private static char? At(string text, int at) => at >= 0 && at < text.Length ? text[at] : null;

    private static FrozenDictionary<string, string> Name(params (string Value, string Names)[] numbers) =>
        numbers.SelectMany(number => number.Names.Split(' ').Select(name => KeyValuePair.Create(name, number.Value.Length > 0 ? number.Value : name))).ToFrozenDictionary();
}
