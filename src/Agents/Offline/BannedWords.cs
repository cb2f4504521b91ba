using System.Collections.Immutable;
using Flywheel.Agents.Writing;

namespace Flywheel.Agents.Offline;

/// <summary>
/// What the brief says never to say. It rather finds too much (other inflections, words with the same beginning): there are other ways to
/// say things, and the guardrails come after.
/// </summary>
internal sealed class BannedWords(ImmutableArray<string> neverSay)
{
    /// <summary>Words of fewer letters are only found whole.</summary>
    private const int ShortestStem = 4;

    /// <summary>Letters from which a phrase is also looked for across words, so that spacing does not hide it.</summary>
    private const int ShortestHidden = 6;

    private readonly ImmutableArray<Banned> _banned = [.. neverSay.Where(phrase => !string.IsNullOrWhiteSpace(phrase)).Select(phrase => new Banned(phrase))];

    /// <summary>The first banned phrase that the text holds; null for none.</summary>
    public string? In(string text)
    {
        if (_banned.IsEmpty)
            return null;
        var words = Folding.Words(text);
        var letters = words.Replace(" ", "", StringComparison.Ordinal);
        var split = words.Split(' ');
        return _banned.FirstOrDefault(banned => banned.IsIn(text, split, letters))?.Phrase;
    }

    private sealed class Banned(string phrase)
    {
        private readonly string[] _words = Folding.Words(phrase).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        private readonly string _letters = Folding.Letters(phrase);

        public string Phrase => phrase;

        public bool IsIn(string text, string[] words, string letters)
        {
            if (_words.Length == 0)
                return text.Contains(phrase.Trim(), StringComparison.Ordinal);
            if (_letters.Length >= ShortestHidden && letters.Contains(_letters, StringComparison.Ordinal))
                return true;
            for (var start = 0; start + _words.Length <= words.Length; start++)
            {
                if (_words.Index().All(word => IsFormOf(words[start + word.Index], word.Item)))
                    return true;
            }
            return false;
        }

        private static bool IsFormOf(string word, string banned)
        {
            if (banned.Length < ShortestStem)
                return word == banned;
            return word.AsSpan().CommonPrefixLength(banned) >= Math.Max(ShortestStem, banned.Length - 2);
        }
    }
}
