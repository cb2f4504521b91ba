using System.Collections.Frozen;
using Flywheel.Agents.Writing;

namespace Flywheel.Agents.Offline;

/// <summary>Words by which people name angles, tones, formats and objectives, in French and English. Keys are as <see cref="Folding.Words"/> leaves them.</summary>
internal static class Vocabulary
{
    private static readonly FrozenDictionary<string, Angle> Angles = Index(new Dictionary<Angle, string>
    {
        [Angle.Benefit] = "benefit benefits benefice avantage value valeur",
        [Angle.Curiosity] = "curiosity curiosite curious curieux mystery mystere",
        [Angle.Proof] = "proof preuve preuves evidence facts faits",
        [Angle.Urgency] = "urgency urgence urgent now maintenant",
        [Angle.Question] = "question questions",
        [Angle.Community] = "community communaute together ensemble belonging",
        [Angle.Invitation] = "invitation invite cta",
    });

    private static readonly FrozenDictionary<string, Tone> Tones = Index(new Dictionary<Tone, string>
    {
        [Tone.Warm] = "warm chaleureux chaleureuse friendly amical amicale bienveillant bienveillante kind caring tendre complice",
        [Tone.Playful] = "playful ludique fun drole humour humorous joyful joyeux joyeuse espiegle malicieux malicieuse cheeky",
        [Tone.Direct] = "direct directe bold audacieux audacieuse energetic energique dynamique punchy concise concis confident",
        [Tone.Formal] = "formal formel formelle sober sobre elegant elegante serious serieux serieuse institutional institutionnel premium",
    });

    private static readonly FrozenDictionary<string, TextFormat> Formats = Index(new Dictionary<TextFormat, string>
    {
        [TextFormat.Statement] = "statement affirmation phrase",
        [TextFormat.Question] = "question questions",
        [TextFormat.Imperative] = "imperative imperatif command",
    });

    private static readonly FrozenDictionary<string, Intent> Intents = Index(new Dictionary<Intent, string>
    {
        [Intent.Buy] = "order orders sale sales sell buy purchase purchases revenue basket checkout commande commandes vente ventes vendre achat achats acheter panier",
        [Intent.SignUp] = "signup signups sign subscribe subscription subscriptions subscribers registration registrations newsletter leads member members account accounts inscription inscriptions inscrire abonnement abonnements abonnes adhesion adhesions compte comptes",
        [Intent.Visit] = "visit visits visitors store stores traffic footfall visite visites visiteurs magasin magasins boutique boutiques trafic frequentation",
        [Intent.Try] = "trial trials demo demos try sample samples essai essais essayer echantillon",
        [Intent.Support] = "donation donations donate donors petition support don dons donateurs soutien soutenir",
    });

    private static readonly FrozenSet<string> Informal = Words("tu tutoiement casual informal decontracte decontractee familier familiere");

    private static readonly FrozenSet<string> Shorter = Words("short shorter brief court courte courts raccourcir");

    private static readonly FrozenSet<string> Longer = Words("long longer longue longs rallonger");

    private static readonly FrozenSet<string> ToFriends = Words("tu te toi ton ta tes");

    private static readonly FrozenSet<string> ToStrangers = Words("vous votre vos");

    public static Angle? AngleOf(string text) => Find(Angles, text);

    public static TextFormat? FormatOf(string text) => Find(Formats, text);

    public static Tone TonesOf(string text) => Folding.Words(text).Split(' ').Aggregate(Tone.None, (tones, word) => tones | Tones.GetValueOrDefault(word));

    /// <summary>What the objective asks for first; <see cref="Intent.Discover"/> where no word tells.</summary>
    public static Intent IntentOf(string objective) => Find(Intents, objective) ?? Intent.Discover;

    public static bool IsInformal(string tone) => Holds(Informal, tone);

    /// <summary>True where texts address their reader as <c>tu</c> and none as <c>vous</c>.</summary>
    public static bool SayTu(IEnumerable<string> texts)
    {
        var tu = false;
        foreach (var text in texts)
        {
            if (Holds(ToStrangers, text))
                return false;
            tu |= Holds(ToFriends, text);
        }
        return tu;
    }

    public static bool AsksShorter(string comment) => Holds(Shorter, comment);

    public static bool AsksLonger(string comment) => Holds(Longer, comment);

    private static T? Find<T>(FrozenDictionary<string, T> index, string text)
        where T : struct
    {
        foreach (var word in Folding.Words(text).Split(' '))
        {
            if (index.TryGetValue(word, out var found))
                return found;
        }
        return null;
    }

    private static bool Holds(FrozenSet<string> words, string text) => Folding.Words(text).Split(' ').Any(words.Contains);

    private static FrozenSet<string> Words(string words) => words.Split(' ').ToFrozenSet(StringComparer.Ordinal);

    private static FrozenDictionary<string, T> Index<T>(Dictionary<T, string> words)
        where T : notnull => words.SelectMany(pair => pair.Value.Split(' ').Select(word => (word, pair.Key))).ToFrozenDictionary(pair => pair.word, pair => pair.Key, StringComparer.Ordinal);
}
