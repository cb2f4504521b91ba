using System.Collections.Immutable;
using Flywheel.Domain.Governance.Copy;

namespace Flywheel.Domain.Governance.Claims;

/// <summary>Finds superlatives and promises: the <see cref="Lexicon"/>'s, and those that only the words around them make one.</summary>
internal sealed class Promises(Folded text, ImmutableArray<Term> terms)
{
    private const int LeastSuperlative = 5;

    /// <summary>Adjectives whose superlatives back each other across French and English, by how they begin.</summary>
    private static readonly (string Key, string[] Begin)[] Adjectives =
    [
        ("light", ["light", "leger"]), ("fast", ["fast", "quick", "rapide", "vite"]), ("strong", ["strong", "fort", "solide"]), ("soft", ["soft", "doux", "douce"]),
        ("safe", ["safe", "sur"]), ("easy", ["easy", "easi", "facile", "simple"]), ("big", ["big", "larg", "grand"]), ("small", ["small", "petit"]),
        ("beautiful", ["beautiful", "beau", "bel"]), ("comfortable", ["comf", "confortable"]), ("complete", ["complet"]), ("popular", ["popular", "populaire"]),
        ("reliable", ["reliable", "fiable"]), ("low", ["low", "bas"]), ("high", ["high", "haut", "eleve"]), ("durable", ["durable", "resistant"]), ("cheap", ["cheap", "cher"]),
    ];

    /// <summary>Words that end like superlatives and are none.</summary>
    private static readonly ImmutableArray<string> NoSuperlatives =
    [
        "forest", "interest", "request", "guest", "quest", "chest", "honest", "modest", "harvest", "contest", "protest", "conquest", "tempest", "midwest", "northwest",
        "southwest", "everest", "budapest", "crest", "arrest", "digest", "manifest", "invest", "suggest", "latest", "nearest", "rest", "test", "west", "nest", "fest", "zest",
    ];

    private static readonly ImmutableArray<string> Owners = ["the", "our", "its", "world", "s", "of"];

    private static readonly ImmutableArray<string> FrenchOwners = ["le", "la", "les", "l", "nos", "notre", "mes", "mon", "ma", "des", "du", "au", "aux"];

    public IEnumerable<Assertion> Find()
    {
        for (var i = 0; i < terms.Length - 1; i++)
        {
            if (Lexicon.At(terms, i) is { } known)
            {
                yield return new Assertion(known.Kind, known.Key, Quote(i, known.End));
                i = known.End - 1;
            }
            else if (Special(i) is { } special)
            {
                yield return special;
            }
        }
    }

    private Assertion? Special(int at) => terms[at].Text switch
    {
        "best" => IsOurBest(at) ? Promise(at, at + 1, Figures.FirstRank) : null,
        "meilleur" or "meilleure" or "meilleurs" or "meilleures" => IsTheBestInFrench(at) ? Promise(at, at + 1, Figures.FirstRank) : null,
        "free" => Free(at),
        "only" => Before(at) == "the" && After(at) is not ("way" or "thing" or "limit" or "place" or "time" or "question" or "one") ? Promise(at - 1, at + 1, "only") : null,
        "seul" or "seule" or "seuls" or "seules" => IsTheOnlyInFrench(at) ? Promise(at - 1, at + 1, "only") : null,
        "always" => Before(at) != "as" ? Promise(at, at + 1, "always") : null,
        "toujours" => Before(at) != "comme" && After(at) is not ("plus" or "mieux" or "aussi" or "moins") ? Promise(at, at + 1, "always") : null,
        "most" => Owners.Contains(Before(at)) && HasNext(at) && After(at) != "of" ? Promise(OwnerOf(at), at + 2, $"most {KeyOf(After(at))}") : null,
        "plus" or "moins" => FrenchSuperlative(at),
        var word => word.Length >= LeastSuperlative && word.EndsWith("est", StringComparison.Ordinal) && Owners.Contains(Before(at)) && !NoSuperlatives.Contains(word)
            ? Promise(OwnerOf(at), at + 1, $"most {KeyOf(word[..^3])}")
            : null,
    };

    /// <summary>"Your best run" and "best wishes" praise nobody's product.</summary>
    private bool IsOurBest(int at) =>
        Before(at) is not ("your" or "my" or "his" or "her" or "their" or "its" or "do" or "did" or "personal")
        && After(at) is not ("friend" or "friends" or "wishes" or "man" or "regards");

    /// <summary>A superlative takes an article of its own; without one it compares, unless it begins the clause.</summary>
    private bool IsTheBestInFrench(int at) => at == 0 || terms[at].BeginsClause
        ? After(at) is not ("voeux" or "souvenir" or "souvenirs" or "")
        : FrenchOwners.Contains(Before(at));

    private bool IsTheOnlyInFrench(int at) =>
        Before(at) is "le" or "la" or "les" && After(at) is not ("moyen" or "chose" or "limite" or "facon" or "question" or "endroit" or "fois");

    /// <summary>Free of charge, unless somebody feels, runs or is set free; "sugar-free" says that something is not in it.</summary>
    private Assertion? Free(int at)
    {
        if (terms[at].IsHyphenated && at > 0)
            return terms[at - 1].Text is "hands" ? null
                : terms[at - 1].Text is "risk" ? Promise(at - 1, at + 1, "no risk")
                : terms[at - 1].Text is "cost" or "fee" or "charge" ? Promise(at - 1, at + 1, "free")
                : new Assertion(AssertionKind.Absolute, $"{terms[at - 1].Text} free", Quote(at - 1, at + 1));
        var isMood = Before(at) is "feel" or "feels" or "feeling" or "set" or "sets" or "break" or "breaks" or "run" or "runs" or "roam" or "live" or "born" or "breathe" or "breathes"
                or "move" or "moves" or "dance" or "fly" or "ride" or "be" or "think" or "you" or "wild" or "hands"
            || After(at) is "spirit" or "spirits" or "spirited" or "time" or "range" or "hand" or "hands" or "will" or "world" or "fall" or "as" or "your" or "yourself" or "from";
        return isMood ? null : Promise(at, at + 1, "free");
    }

    /// <summary>« Le plus léger », « les moins chers »; not « le plus possible », « le plus souvent ».</summary>
    private Assertion? FrenchSuperlative(int at)
    {
        if (Before(at) is not ("le" or "la" or "les" or "nos" or "notre" or "mes" or "mon" or "ma") || !HasNext(at)
            || After(at) is "possible" or "possibles" or "souvent" or "tard" or "tot" or "de" or "d" or "que" or "qu" or "a" or "au" or "en" or "et")
            return null;
        return Promise(at - 1, at + 2, $"{(terms[at].Text == "moins" && !After(at).StartsWith("cher", StringComparison.Ordinal) ? "least" : "most")} {KeyOf(After(at))}");
    }

    /// <summary>Where a superlative's owner begins: "the", or the noun of "world's".</summary>
    private int OwnerOf(int at) => at > 1 && terms[at - 1].Text == "s" ? at - 2 : at - 1;

    private static string KeyOf(string adjective)
    {
        foreach (var (key, begin) in Adjectives)
        {
            if (begin.Any(letters => adjective.StartsWith(letters, StringComparison.Ordinal)))
                return key;
        }
        return adjective.TrimEnd('s').TrimEnd('e').TrimEnd('i', 'y');
    }

    private Assertion Promise(int first, int end, string key) => new(AssertionKind.Promise, key, Quote(first, end));

    private string Quote(int first, int end) => text.Original(terms[first].First, terms[end - 1].End);

    /// <summary>The word before in the same clause; empty where there is none.</summary>
    private string Before(int at) => at > 0 && !terms[at].BeginsClause ? terms[at - 1].Text : "";

    private string After(int at) => HasNext(at) ? terms[at + 1].Text : "";

    private bool HasNext(int at) => at + 2 < terms.Length && !terms[at + 1].BeginsClause;
}
