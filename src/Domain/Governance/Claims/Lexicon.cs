using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Flywheel.Domain.Governance.Claims;

/// <summary>
/// Words that promise, in French and English, folded. Those of one key back each other across the languages; <c>*</c> stands for any ending.
/// What takes a look at the words around it is in <see cref="Promises"/>.
/// </summary>
internal static class Lexicon
{
    private static readonly (AssertionKind Kind, string Key, string Phrases)[] Entries =
    [
        (AssertionKind.Promise, "best", """
            number one, numero un, the leader, market leader*, leader in, le leader, leader du, leader de, leader mondial, market leading, world leading, leading brand, second to none, best in class, unbeatable,
            unmatched, unrivalled, unrivaled, unparalleled, unequalled, unequaled, unsurpassed, greatest, top rated, imbattable*, inegale, inegalee,
            inegales, inegalees, inegalable*, sans egal, sans egale, sans pareil*, hors pair
            """),
        (AssertionKind.Promise, "most cheap", "lowest price*, lowest cost*, cheapest, prix le plus bas, prix les plus bas, prix mini, prix plancher"),
        (AssertionKind.Promise, "half price", "half price, half off, half the price, moitie prix, moitie moins*"),
        (AssertionKind.Promise, "free", "gratuit*, gratis, offert, offerte, offerts, offertes, sans frais, no charge, no fee*, no cost, complimentary, on the house"),
        (AssertionKind.Promise, "guarantee", "guarant*, garanti*, warrant*, promise you, nous vous promettons"),
        (AssertionKind.Promise, "refund", "money back, refund*, satisfait ou rembourse*, satisfaits ou rembourse*, rembourse*"),
        (AssertionKind.Promise, "proven", """
            proven, clinically, cliniquement, scientifically, scientifiquement, doctor recommended, certified, certifie, certifiee, certifies, certifiees,
            award winning, prouve, prouvee, prouves, prouvees
            """),
        (AssertionKind.Promise, "no risk", "no risk*, zero risk*, zero risque*, sans risque*, without risk, sans aucun risque*, no side effect*, sans effet secondaire, sans effets secondaires, sans danger*"),
        (AssertionKind.Promise, "cure", "cures, cured, heals, healed, guerit, guerir, guerison*, guerissent"),
        (AssertionKind.Promise, "only", "one and only, world first, first ever, premiere mondiale"),
        (AssertionKind.Promise, "crowd", """
            thousands of, millions of, billions of, hundreds of, dozens of, milliers de, milliers d, millions de, millions d, milliards de, milliards d, centaines de,
            centaines d, dizaines de, dizaines d
            """),
        (AssertionKind.Absolute, "endorsed", """
            tested by, teste par, testee par, testes par, testees par, approved by, approuve par, approuvee par, approuves par, approuvees par, recommended by,
            recommande par, recommandee par, recommandes par, recommandees par, trusted by
            """),
        (AssertionKind.Absolute, "never", "never, jamais"),
        (AssertionKind.Absolute, "everyone", "everyone, everybody, tout le monde, nobody, no one, personne ne"),
        (AssertionKind.Absolute, "perfect", "perfect*, parfait*, flawless*, sans defaut*, impeccable*"),
        (AssertionKind.Absolute, "unique", "unique*, exclusive*, exclusif, exclusifs, incomparable*, ultimate, ultime*, revolutionary, revolutionnaire*, miracle*, miraculous*, miraculeu*"),
        (AssertionKind.Absolute, "at once", "instantly, instantan*, overnight, du jour au lendemain, immediately, immediatement"),
        (AssertionKind.Absolute, "for life", "lifetime, for life, a vie, forever, for ever"),
        (AssertionKind.Absolute, "better", "better than, mieux que, mieux qu, meilleur que, meilleure que, meilleurs que, meilleures que, than any*, than other*, than the rest, que les autres, que la concurrence, que tous les"),
        (AssertionKind.Absolute, "twice", "twice as, twice the, double the, deux fois plus, deux fois moins, triple the"),
        (AssertionKind.Absolute, "of all time", "of all time, de tous les temps, in the world, on the market, du marche, ever made"),
    ];

    private static readonly FrozenDictionary<string, ImmutableArray<Phrase>> ByFirstWord;
    private static readonly ImmutableArray<Phrase> ByFirstLetters;

    static Lexicon()
    {
        var phrases = Entries.SelectMany(entry => entry.Phrases.Split(',').Select(phrase =>
            new Phrase(entry.Kind, entry.Key, phrase.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)))).ToArray();
        ByFirstWord = phrases.Where(phrase => !phrase.Words[0].EndsWith('*')).GroupBy(phrase => phrase.Words[0])
            .ToFrozenDictionary(group => group.Key, group => group.ToImmutableArray());
        ByFirstLetters = [.. phrases.Where(phrase => phrase.Words[0].EndsWith('*'))];
    }

    /// <summary>What is promised from a term on, and the term behind it; null where nothing is.</summary>
    public static (AssertionKind Kind, string Key, int End)? At(ImmutableArray<Term> terms, int at)
    {
        foreach (var phrase in ByFirstWord.GetValueOrDefault(terms[at].Text, []))
        {
            if (phrase.Matches(terms, at))
                return (phrase.Kind, phrase.Key, at + phrase.Words.Length);
        }
        foreach (var phrase in ByFirstLetters)
        {
            if (phrase.Matches(terms, at))
                return (phrase.Kind, phrase.Key, at + phrase.Words.Length);
        }
        return null;
    }

    private sealed record Phrase(AssertionKind Kind, string Key, string[] Words)
    {
        public bool Matches(ImmutableArray<Term> terms, int at)
        {
            for (var i = 0; i < Words.Length; i++)
            {
                if (at + i >= terms.Length || (i > 0 && terms[at + i].BeginsClause) || !Matches(Words[i], terms[at + i].Text))
                    return false;
            }
            return true;
        }

        private static bool Matches(string word, string text) =>
            word[^1] == '*' ? text.StartsWith(word.AsSpan(0, word.Length - 1), StringComparison.Ordinal) : text == word;
    }
}
