namespace Flywheel.Agents.Offline;

/// <summary>
/// How French is set: after the Lexique des règles typographiques en usage à l'Imprimerie nationale, with the narrow space before the
/// colon as well, since a short text on a screen has no justified lines.
/// </summary>
internal static class FrenchTypography
{
    /// <summary>What stands before ? ! : and ; so that none of them begins a line.</summary>
    public const char NarrowNoBreakSpace = '\u202F';

    private const string VowelLetters = "aàâäæeéèêëiîïoôöœuùûü";

    public static string Set(string text) => text
        .Replace(" ?", $"{NarrowNoBreakSpace}?", StringComparison.Ordinal)
        .Replace(" !", $"{NarrowNoBreakSpace}!", StringComparison.Ordinal)
        .Replace(" :", $"{NarrowNoBreakSpace}:", StringComparison.Ordinal)
        .Replace(" ;", $"{NarrowNoBreakSpace};", StringComparison.Ordinal);

    /// <summary>
    /// <c>de</c> and <c>que</c> before a name: <c>d’Aster</c>, <c>de Nimbus</c>. Null where the spelling does not tell: h may be silent or
    /// not, y may be a vowel or not, and initials, digits and signs are spoken as anyone likes. A text that needs it is better not written.
    /// </summary>
    /// <param name="word"><c>de</c> or <c>que</c>.</param>
    /// <param name="name">What follows.</param>
    public static string? Elide(string word, string name)
    {
        var first = char.ToLowerInvariant(name[0]);
        if (!char.IsLetter(first) || first is 'h' or 'y' || IsSpelled(name))
            return null;
        return VowelLetters.Contains(first) ? $"{word[..^1]}’{name}" : $"{word} {name}";
    }

    /// <summary>True for initials, which are read letter by letter or as a word.</summary>
    private static bool IsSpelled(string name)
    {
        var end = name.AsSpan().IndexOfAny(' ', '-');
        var word = end < 0 ? name : name[..end];
        return word.Length == 1 || word.All(letter => !char.IsLower(letter));
    }
}
