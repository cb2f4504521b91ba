using System.Text;

namespace Flywheel.Agents.Writing;

/// <summary>
/// Words without case, accents and signs, to compare by. The table is ours because the process runs without culture data, where
/// <see cref="string.Normalize(NormalizationForm)"/> leaves text as it is.
/// </summary>
internal static class Folding
{
    private const string Accented = "àáâãäåçèéêëìíîïñòóôõöùúûüýÿ";
    private const string Plain = "aaaaaaceeeeiiiinooooouuuuyy";

    /// <summary>Lower-case words of letters and digits, parted by single spaces.</summary>
    public static string Words(string text)
    {
        var words = new StringBuilder(text.Length);
        foreach (var raw in text)
        {
            var letter = char.ToLowerInvariant(raw);
            if (char.IsLetterOrDigit(letter))
                Append(words, letter);
            else if (words.Length > 0 && words[^1] != ' ' && raw is not '\u0301' and not '\u00AD')
                words.Append(' ');
        }
        return words.ToString().TrimEnd();
    }

    /// <summary>The same without spaces: texts that read alike are equal.</summary>
    public static string Letters(string text) => Words(text).Replace(" ", "", StringComparison.Ordinal);

    private static void Append(StringBuilder words, char letter)
    {
        if (letter is 'œ')
            words.Append("oe");
        else if (letter is 'æ')
            words.Append("ae");
        else
            words.Append(Accented.IndexOf(letter) is >= 0 and var i ? Plain[i] : letter);
    }
}
