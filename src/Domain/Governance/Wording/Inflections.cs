namespace Flywheel.Domain.Governance.Wording;

/// <summary>
/// The forms that a French or English word takes, by its ending: numbers, genders, conjugations, comparatives, adverbs. Both languages' rules
/// apply to every word, since a brief may mix them. Rules err towards forms that don't exist; short words get few, because what they
/// turn into is often another word.
/// </summary>
internal static class Inflections
{
    /// <summary>Forms of one word from which on no more roots are looked at; a root has fewer than a hundred.</summary>
    private const int Most = 400;

    /// <summary>Times that an ending is taken off: "garanties", "garantie", "garanti".</summary>
    private const int MostSteps = 3;

    /// <summary>How a form leads back to its base: from at least so many letters, this ending becomes that one.</summary>
    private static readonly (string Ending, string Base, int Letters)[] Reductions =
    [
        ("s", "", 4), ("es", "", 6), ("ies", "y", 6), ("ied", "y", 6), ("iest", "y", 7), ("ily", "y", 6), ("aux", "al", 5),
        ("ed", "", 5), ("ed", "e", 5), ("ing", "", 6), ("ing", "e", 6), ("ly", "", 6),
        ("ee", "e", 5), ("ie", "i", 6), ("ite", "it", 6), ("ente", "ent", 6), ("ante", "ant", 6), ("ive", "if", 5), ("euse", "eux", 6), ("euse", "eur", 6),
        ("trice", "teur", 7), ("elle", "el", 6), ("enne", "en", 6), ("onne", "on", 5), ("ale", "al", 6), ("aise", "ais", 6), ("oise", "ois", 6),
        ("itement", "it", 9), ("ivement", "if", 8), ("eusement", "eux", 9), ("alement", "al", 8), ("ellement", "el", 9), ("ablement", "able", 10), ("iquement", "ique", 10),
        ("r", "", 6), ("t", "", 6), ("ssons", "", 8), ("ssez", "", 7), ("ssent", "", 8), ("ssant", "", 8),
    ];

    private static readonly string[] YEndings = ["ies", "ied", "ier", "iest", "ily"];

    private static readonly string[] ErVerb = ["e", "es", "er", "ez", "ons", "ent", "ant", "ee", "ees", "a", "ait", "ais", "aient", "ions", "iez", "era", "erai", "eras", "erez", "erons", "eront", "erait", "eraient"];

    private static readonly string[] IrVerb = ["", "e", "s", "es", "t", "r", "ra", "rai", "ras", "rez", "rons", "ront", "rait", "ssons", "ssez", "ssent", "ssant", "ssait", "ssaient"];

    /// <summary>Endings that change as a whole.</summary>
    private static readonly (string Ending, string[] Forms)[] Alternations =
    [
        ("eux", ["euse", "euses", "eusement"]), ("teur", ["trice", "trices"]), ("eur", ["euse", "euses"]), ("if", ["ive", "ives", "ivement"]),
        ("al", ["aux", "ale", "ales", "alement"]), ("el", ["elle", "elles", "ellement"]), ("en", ["enne", "ennes"]), ("on", ["onne", "onnes"]),
        ("et", ["ette", "ettes", "ete", "etes"]), ("er", ["ere", "eres"]), ("it", ["itement"]), ("ant", ["amment"]), ("ent", ["emment"]), ("le", ["ly"]),
    ];

    /// <param name="word">Folded: small letters without accents.</param>
    /// <returns>The word and its forms; the word alone where it is no word of Latin letters.</returns>
    public static HashSet<string> Of(string word)
    {
        var forms = new HashSet<string>(StringComparer.Ordinal) { word };
        if (word.Length < 3 || !word.All(char.IsAsciiLetterLower))
            return forms;
        foreach (var root in Roots(word).TakeWhile(_ => forms.Count < Most))
        {
            AddEnglish(root, forms);
            AddFrench(root, forms);
        }
        return forms;
    }

    /// <summary>The word, and what is left of it without its endings.</summary>
    private static HashSet<string> Roots(string word)
    {
        var roots = new HashSet<string>(StringComparer.Ordinal) { word };
        for (var step = 0; step < MostSteps; step++)
        {
            foreach (var root in roots.ToArray())
            {
                foreach (var (ending, instead, letters) in Reductions)
                {
                    if (root.Length >= letters && root.EndsWith(ending, StringComparison.Ordinal) && MayLose(root, ending))
                        roots.Add(string.Concat(root.AsSpan(0, root.Length - ending.Length), instead));
                }
            }
        }
        return roots;
    }

    /// <summary>An s is no plural in "process", "bonus", "gratis"; a final r or t is one of a verb in "garantir", "garantit" alone.</summary>
    private static bool MayLose(string root, string ending) => ending switch
    {
        "s" => root[^2] is not ('s' or 'u' or 'i') || root.Length > 7 && root[^2] == 'i',
        "es" => root[^3] is 's' or 'x' or 'z' or 'h' or 'o',
        "r" or "t" => root[^2] == 'i',
        "ssons" or "ssez" or "ssent" or "ssant" => root[^(ending.Length + 1)] == 'i',
        _ => true,
    };

    private static void AddEnglish(string root, HashSet<string> forms)
    {
        forms.Add(root);
        forms.Add(root + "s");
        if (root[^1] is 's' or 'x' or 'z' or 'h' or 'o')
            forms.Add(root + "es");
        var isLong = root.Length >= 5;
        if (root.Length >= 4)
        {
            forms.Add(root + (root[^1] == 'e' ? "d" : "ed"));
            forms.Add(root[^1] == 'e' ? root[..^1] + "ing" : root + "ing");
            forms.Add(root + "ing");
        }
        if (isLong)
        {
            forms.Add(root + "ly");
            forms.Add(root[^1] == 'e' ? root + "r" : root + "er");
            forms.Add(root[^1] == 'e' ? root + "rs" : root + "ers");
            forms.Add(root[^1] == 'e' ? root + "st" : root + "est");
        }
        if (root[^1] == 'y' && root.Length >= 4)
            AddAll(root[..^1], YEndings, forms);
        if (IsVowel(root[^2]) && !IsVowel(root[^1]) && !IsVowel(root[^3]) && root[^1] is not ('w' or 'x' or 'y'))
        {
            forms.Add(root + root[^1] + "ed");
            forms.Add(root + root[^1] + "ing");
        }
    }

    private static void AddFrench(string root, HashSet<string> forms)
    {
        if (root.Length >= 5 || (root.Length == 4 && root[^1] is 'i' or 'u' or 't' or 'd'))
        {
            forms.Add(root + "e");
            forms.Add(root + "es");
        }
        if (root.EndsWith("eau", StringComparison.Ordinal) || root.EndsWith("eu", StringComparison.Ordinal))
            forms.Add(root + "x");
        if (root is [_, _, 'e', 'r'])
            AddAll(root[..2], ["ere", "eres"], forms);
        if (root.Length < 5 && root is not [_, 'o', 'n'])
            return;
        foreach (var (ending, instead) in Alternations)
        {
            if (root.EndsWith(ending, StringComparison.Ordinal))
                AddAll(root[..^ending.Length], instead, forms);
        }
        if (root.Length < 5)
            return;
        forms.Add(root + "ment");
        forms.Add(root + "ement");
        if (root[^1] == 'e')
            AddAll(root[..^1], ErVerb, forms);
        if (root.EndsWith("er", StringComparison.Ordinal))
            AddAll(root[..^2], ErVerb, forms);
        if (root[^1] == 'i')
            AddAll(root, IrVerb, forms);
    }

    private static void AddAll(string stem, string[] endings, HashSet<string> forms)
    {
        foreach (var ending in endings)
            forms.Add(stem + ending);
    }

    private static bool IsVowel(char letter) => letter is 'a' or 'e' or 'i' or 'o' or 'u' or 'y';
}
