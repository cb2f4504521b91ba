using System.Collections.Immutable;
using Flywheel.Domain.Governance.Copy;

namespace Flywheel.Domain.Governance.Wording;

/// <summary>
/// Finds banned words and phrases in folded text. A word is found from where a word begins to where one ends, in any of its
/// <see cref="Inflections"/>, however it is spaced, punctuated or capitalised in between; where digits, symbols or stretched letters stand for
/// letters; and where asterisks hide some. Words that merely contain a banned one ("therapist") are others.
/// </summary>
internal sealed class BannedWords
{
    /// <summary>Letters of the longest phrase that is looked for inside disguises; a longer one is looked for word by word.</summary>
    private const int LongestForm = 64;

    /// <summary>Letters from which a word with more letters behind it is still the word ("guaranteedresults").</summary>
    private const int OpenFrom = 8;

    /// <summary>Letters from which disguises are undone: fewer mean too many things.</summary>
    private const int DisguisedFrom = 4;

    /// <summary>Words of a phrase that are inflected each; in a longer one they are taken as they stand.</summary>
    private const int LongestInflected = 8;

    private readonly Dictionary<string, (string Said, bool IsPhrase)> _forms = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (string Said, bool IsPhrase)> _bare = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _open = new(StringComparer.Ordinal);
    private readonly Dictionary<int, List<string>> _byLength = [];
    private readonly List<(HashSet<string>[] Words, string Said)> _phrases = [];
    private readonly List<(ImmutableArray<string> Signs, string Said)> _signs = [];

    public BannedWords(ImmutableArray<string> banned)
    {
        foreach (var said in banned)
            Add(said);
    }

    /// <summary>What is said that must not be: the banned words as the brief has them, each once, with where it was found.</summary>
    public IEnumerable<(string Said, string Quote)> FindIn(Folded text)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        FindSigns(text, found);
        FindPhrases(text, found);
        var glyphs = SpelledText.Compact(text.Glyphs);
        foreach (var spelling in SpelledText.SpellingsOf(glyphs))
        {
            for (var start = 0; start < glyphs.Length; start++)
                FindFrom(text, glyphs, start, spelling, found);
        }
        foreach (var masked in SpelledText.MaskedWords(text.Glyphs))
            FindMasked(masked, found);
        return found.Select(hit => (hit.Key, hit.Value));
    }

    private void Add(string said)
    {
        var folded = Folded.Of(said);
        var joined = string.Concat(folded.Words);
        if (joined.Length < 3 && folded.Tokens.Any(token => !token.IsWord))
        {
            _signs.Add((SpelledText.Signs(folded), said));
            return;
        }
        if (joined.Length == 0)
            return;
        var last = folded.Words[^1];
        var before = joined[..^last.Length];
        foreach (var form in Inflections.Of(last).Select(form => before + form).Where(form => form.Length <= LongestForm))
            AddForm(form, said, folded.Words.Length > 1);
        if (joined.Length is >= OpenFrom and <= LongestForm)
            _open.TryAdd(joined, said);
        if (folded.Words.Length > 1)
            _phrases.Add(([.. folded.Words.Select(word => folded.Words.Length <= LongestInflected ? Inflections.Of(word) : [word])], said));
    }

    private void AddForm(string form, string said, bool isPhrase)
    {
        if (!_forms.TryAdd(form, (said, isPhrase)) || form.Length < DisguisedFrom)
            return;
        _bare.TryAdd(SpelledText.Bare(form), (said, isPhrase));
        if (!_byLength.TryGetValue(form.Length, out var forms))
            _byLength[form.Length] = forms = [];
        forms.Add(form);
    }

    /// <summary>What has no letters to speak of ("C++", "#1", an emoji) is looked for as it is written, spaces aside.</summary>
    private void FindSigns(Folded text, Dictionary<string, string> found)
    {
        if (_signs.Count == 0)
            return;
        var all = SpelledText.Signs(text);
        foreach (var (signs, said) in _signs)
        {
            if (all.AsSpan().IndexOf(signs.AsSpan()) >= 0)
                found.TryAdd(said, said);
        }
    }

    /// <summary>Phrases word by word, each in any of its forms.</summary>
    private void FindPhrases(Folded text, Dictionary<string, string> found)
    {
        var words = text.Words;
        foreach (var (phrase, said) in _phrases)
        {
            for (var i = 0; i + phrase.Length <= words.Length; i++)
            {
                var matched = 0;
                while (matched < phrase.Length && phrase[matched].Contains(words[i + matched]))
                    matched++;
                if (matched == phrase.Length)
                    found.TryAdd(said, string.Join(' ', words.AsSpan(i, matched).ToArray()));
            }
        }
    }

    private void FindFrom(Folded text, ImmutableArray<Glyph> glyphs, int start, Spelling spelling, Dictionary<string, string> found)
    {
        var forms = (spelling == Spelling.Plain ? _forms : _bare).GetAlternateLookup<ReadOnlySpan<char>>();
        var open = _open.GetAlternateLookup<ReadOnlySpan<char>>();
        var reader = new SpelledText(glyphs, start, spelling, stackalloc char[LongestForm + 1]);
        Dictionary<string, int>? longest = null;
        while (reader.Read())
        {
            if (reader.IsAtEnd && forms.TryGetValue(reader.Letters, out var form) && reader.MayBe(form.IsPhrase))
                (longest ??= [])[form.Said] = reader.Next;
            if (spelling == Spelling.Plain && reader.Letters.Length >= OpenFrom && open.TryGetValue(reader.Letters, out var said))
                (longest ??= [])[said] = reader.Next;
        }
        foreach (var (said, end) in longest ?? [])
            found.TryAdd(said, Quote(text, glyphs, start, end));
    }

    private void FindMasked(string masked, Dictionary<string, string> found)
    {
        if (!_byLength.TryGetValue(masked.Length, out var forms))
            return;
        foreach (var form in forms)
        {
            if (masked.Zip(form).All(pair => pair.First == SpelledText.Mask || pair.First == pair.Second))
                found.TryAdd(_forms[form].Said, masked);
        }
    }

    private static string Quote(Folded text, ImmutableArray<Glyph> glyphs, int first, int end) =>
        text.Text[glyphs[first].At..(end < glyphs.Length ? glyphs[end].At : text.Text.Length)].Trim();
}
