using System.Collections.Frozen;

namespace Flywheel.Domain.Governance.Claims;

/// <summary>French and English numbers in words, folded.</summary>
internal static class NumberWords
{
    private static readonly FrozenDictionary<string, long> Values = new (long Value, string Words)[]
    {
        (1, "one un une"), (2, "two deux"), (3, "three trois"), (4, "four quatre"), (5, "five cinq"), (6, "six"), (7, "seven sept"), (8, "eight huit"), (9, "nine neuf"),
        (10, "ten dix"), (11, "eleven onze"), (12, "twelve douze"), (13, "thirteen treize"), (14, "fourteen quatorze"), (15, "fifteen quinze"), (16, "sixteen seize"),
        (17, "seventeen"), (18, "eighteen"), (19, "nineteen"), (20, "twenty vingt vingts"), (30, "thirty trente"), (40, "forty quarante"), (50, "fifty cinquante"),
        (60, "sixty soixante"), (70, "seventy septante"), (80, "eighty huitante"), (90, "ninety nonante"), (100, "hundred cent cents"),
        (1_000, "thousand mille"), (1_000_000, "million millions"),
    }.SelectMany(entry => entry.Words.Split(' ').Select(word => (word, entry.Value))).ToFrozenDictionary(entry => entry.word, entry => entry.Value);

    public static long? ValueOf(string word) => Values.TryGetValue(word, out var value) ? value : null;
}
