using System.Globalization;
using CsCheck;
using Flywheel.Domain.Campaigns;

namespace Flywheel.Domain.Tests.Governance.Wording;

public sealed class NeverSayRuleTests
{
    private const string Rule = "never-say";

    /// <summary>What a brief bans, and a text that says it all the same.</summary>
    public static TheoryData<string, string> Attacks => new()
    {
        { "guaranteed", "Results guaranteed" },
        { "guaranteed", "We guarantee it" },
        { "guaranteed", "Our guarantees hold" },
        { "guaranteed", "Guaranteeing comfort" },
        { "guarantee", "Comfort, guaranteed." },
        { "guarantees", "A guarantee for you" },
        { "cure", "It cures, it cured, it is curing" },
        { "cheap", "Cheaper than ever" },
        { "cheap", "The cheapest pair" },
        { "easy", "Easier, easily, easiest" },
        { "promise", "Promising comfort" },
        { "plan", "Planned and planning" },
        { "miracle", "Little miracles" },
        { "absolute", "Absolutely" },
        { "gratuit", "Livraison gratuite" },
        { "gratuit", "Des retours gratuits, gratuitement" },
        { "gratuites", "Un essai gratuit" },
        { "garanti", "Garantie à vie" },
        { "pas cher", "Des chaussures pas chères" },
        { "garantie", "Satisfaction garantie ou garanties" },
        { "garantir", "Nous garantissons le confort" },
        { "garanti", "Nous vous garantirons le confort" },
        { "guérir", "Guérissez vos genoux" },
        { "guérit", "De quoi guérir" },
        { "prouvé", "Une efficacité prouvée" },
        { "prouvé", "Nous prouvons, vous prouvez" },
        { "médical", "Des semelles médicales, médicaux" },
        { "dangereux", "Dangereuse, dangereusement" },
        { "menteur", "Une menteuse" },
        { "exclusif", "Exclusivement pour vous, exclusive" },
        { "bon", "Les bonnes chaussures" },
        { "premier", "La première fois" },
        { "médicament", "Un medicament" },
        { "medicament", "Un médicament" },
        { "été", "L'ETE arrive" },
        { "cœur", "Un coup de coeur" },
        { "guaranteed", "GUARANTEED" },
        { "guaranteed", "gUaRaNtEeD" },
        { "guaranteed", "g u a r a n t e e d" },
        { "guaranteed", "g.u.a.r.a.n.t.e.e.d" },
        { "guaranteed", "guaran-teed" },
        { "guaranteed", "guaran teed" },
        { "guaranteed", "g_u_a_r_a_n_t_e_e_d results" },
        { "guaranteed", "g   u   a   r   a   n   t   e   e   d" },
        { "guaranteed", "g........u........aranteed" },
        { "guaranteed", "g*u*a*r*a*n*t*e*e*d" },
        { "guaranteed", "gua\nranteed" },
        { "guaranteed", "gu4ranteed" },
        { "guaranteed", "gu@ranteed" },
        { "guaranteed", "GU4R4NT33D" },
        { "guaranteed", "guarant€€d" },
        { "guaranteed", "6uaran7eed" },
        { "guaranteed", "g u 4 r a n t 3 3 d" },
        { "guaranteed", "guar@n teed" },
        { "guaranteed", "guaraaaanteeeeed" },
        { "guaranteed", "guarant**d" },
        { "guaranteed", "g*aranteed!" },
        { "guaranteed", "gua\u200Branteed" },
        { "guaranteed", "gua\u00ADranteed" },
        { "guaranteed", "g\u0336u\u0336a\u0336r\u0336a\u0336n\u0336t\u0336e\u0336e\u0336d\u0336" },
        { "guaranteed", "guärãnteéd" },
        { "guaranteed", "gu\u0430r\u0430nteed" },
        { "guaranteed", "gυαranteed" },
        { "guaranteed", "ｇｕａｒａｎｔｅｅｄ" },
        { "guaranteed", "𝗴𝘂𝗮𝗿𝗮𝗻𝘁𝗲𝗲𝗱" },
        { "guaranteed", "Ⓖⓤⓐⓡⓐⓝⓣⓔⓔⓓ" },
        { "guaranteed", "🅶🆄🅰🆁🅰🅽🆃🅴🅴🅳" },
        { "guaranteed", "ɢᴜᴀʀᴀɴᴛᴇᴇᴅ" },
        { "guaranteed", "#GuaranteedResults" },
        { "guaranteed", "guaranteedresults" },
        { "guaranteed", "100%guaranteed" },
        { "guaranteed", "guaranteed4you" },
        { "guaranteed", "“Guaranteed”" },
        { "flawless", "fIawIess" },
        { "sale", "$ale today" },
        { "sale", "S4LE" },
        { "free", "fr33 shipping" },
        { "free", "FREEshipping" },
        { "free", "it is f r e e" },
        { "best price", "Our best prices" },
        { "best price", "BestPrice" },
        { "best price", "bestprice" },
        { "best price", "best-price" },
        { "best price", "b e s t p r i c e" },
        { "meilleur prix", "Les meilleurs prix" },
        { "meilleur prix", "MEILLEURS  PRIX" },
        { "sans risque", "Sans aucun souci, sans risques" },
        { "n°1", "Le N° 1 du confort" },
        { "#1", "We're #1!" },
        { "C++", "Write c ++ today" },
        { "%", "Save 10 %" },
        { "🔥", "Hot 🔥 deals" },
        { "☀", "Hot ☀️ deals" },
        { "🔥", "Hot🔥🔥deals" },
        { "1 euro", "Pour 1 euro de plus" },
        { "cheap", "The cheap's end" },
        { "免费", "现在免费送货" },
        { "бесплатно", "Это бесплатно" },
    };

    [Theory]
    [MemberData(nameof(Attacks))]
    public void Check_ABannedWordInAnyDress_IsBlocked(string banned, string text) => Drafts.Check(text, new Brief { NeverSay = [banned] }).AssertBlocked(Rule, $"{text}, which says {banned}");

    /// <summary>What a brief bans, and a text that says something else.</summary>
    public static TheoryData<string, string> Innocent => new()
    {
        { "rapist", "A therapist for your feet" },
        { "free", "Carefree and freezing" },
        { "free", "La fraîcheur, frère" },
        { "cure", "Secure, obscure, curious" },
        { "best", "A bestiary of beasts" },
        { "care", "A car, scared" },
        { "car", "Take care, scarlet" },
        { "ass", "Class, assez, passer" },
        { "con", "Content, second, icône" },
        { "sale", "Wholesale, salesman, salon" },
        { "hate", "A hat, chat" },
        { "gratuit", "Gratitude" },
        { "garanti", "Grand tamis" },
        { "plan", "A plane to the planet" },
        { "numb", "The number" },
        { "prime", "Le printemps" },
        { "secret", "Nos secrétaires courent" },
        { "poison", "Des poissons" },
        { "desert", "A dessert" },
        { "process", "A procession" },
        { "pro", "Prose and product" },
        { "as", "A shoe, a seat" },
        { "sot", "So to speak" },
        { "mal", "Mille malles" },
        { "best price", "The best shoes at a price" },
        { "sans risque", "Sans le moindre risque" },
        { "l33t", "Let it be" },
        { "sos", "505 places" },
        { "C++", "C'est plus court" },
        { "#1", "#10 of 12" },
        { "%", "Ten of them" },
        { "!", "Run" },
    };

    [Theory]
    [MemberData(nameof(Innocent))]
    public void Check_AnotherWord_Passes(string banned, string text) =>
        Drafts.Check(text, new Brief { NeverSay = [banned] }).AssertNotBlocked(Rule, $"{text}, which does not say {banned}");

    [Fact]
    public void Check_ABannedWord_IsQuotedAsItStands() => Assert.Equal(
        ["content.text: \"G u 4 r a n t 3 3 d\" says \"guaranteed\"; other words: it is in the brief's neverSay"],
        Drafts.Check("Comfort: G u 4 r a n t 3 3 d!", new Brief { NeverSay = ["guaranteed"] }).Of(Rule).Select(finding => finding.Text));

    [Fact]
    public void Check_NothingBanned_FindsNothing() => Assert.Empty(Drafts.Check("Guaranteed", new Brief { NeverSay = [" ", ""] }).Of(Rule));

    private static readonly string[] Banned = ["guaranteed", "gratuit", "miracle", "free shipping", "meilleur prix", "cure", "garantie", "zéro risque", "number one", "soldes"];

    private static readonly string[] Invisible = ["\u200B", "\u200C", "\u200D", "\u00AD", "\u2060", "\uFEFF", "\u0301", "\u0308", "\u0327", "\u0336", "\uFE0F", "\u202E", "\u3164"];

    private static readonly string[] Gaps = [" ", "  ", "\u00A0", "\u2009", "\n", ".", "-", "_", "·", " - ", "'", "/", ", ", "…", "•", "~", "👟"];

    private static readonly Dictionary<char, string> Doubles = new (char Letter, string Doubles)[]
    {
        ('a', "\u0430ａ𝐚𝖆ⓐá"), ('b', "\u042Cｂ𝐛ⓑ"), ('c', "\u0441ｃ𝐜ç"), ('d', "\u0501ｄ𝐝"), ('e', "\u0435ｅ𝐞ê"), ('f', "ｆ𝐟"), ('g', "ｇ𝐠ɡ"), ('h', "\u04BBｈ𝐡"),
        ('i', "\u0456ｉ𝐢ï"), ('l', "\u04CFｌ𝐥"), ('m', "\u043Cｍ𝐦"), ('n', "\u0578ｎ𝐧ñ"), ('o', "\u043E\u03BF\u0585ｏ𝐨ô"), ('p', "\u0440ｐ𝐩"), ('q', "\u051Bｑ𝐪"),
        ('r', "\u0433ｒ𝐫"), ('s', "\u0455ｓ𝐬ş"), ('t', "\u0442ｔ𝐭"), ('u', "\u057Dｕ𝐮ù"), ('x', "\u0445ｘ𝐱"), ('z', "ｚ𝐳"),
    }.ToDictionary(entry => entry.Letter, entry => entry.Doubles);

    private static readonly Dictionary<char, char> Digits = "a4 b8 e3 g9 i1 l1 o0 s5 t7 z2".Split(' ').ToDictionary(pair => pair[0], pair => pair[1]);

    /// <summary>Per letter: which trick, which variant of it.</summary>
    private static readonly Gen<(string Word, (int Trick, int Variant)[] Tricks)> Disguises =
        Gen.Select(Gen.OneOf(Banned), Gen.Select(Gen.Int[0, 9], Gen.Int[0, 1_000]).Array[30]);

    [Fact]
    public void Check_ABannedWordWithInvisibleSignsAccentsCaseDoublesAndGaps_NeverPasses() => Disguises.ForAll(5_000, disguise =>
        AssertFound(disguise.Word, Spell(disguise.Word, disguise.Tricks, gaps: true)));

    [Fact]
    public void Check_ABannedWordWithInvisibleSignsAccentsCaseAndDoubles_NeverPasses() => Disguises.ForAll(5_000, disguise =>
        AssertFound(disguise.Word, Spell(disguise.Word, disguise.Tricks, gaps: false)));

    /// <summary>Every second letter at the most, so that some are left to read it by.</summary>
    [Fact]
    public void Check_ABannedWordWithDigitsForLetters_NeverPasses() => Disguises.ForAll(2_000, disguise =>
        AssertFound(disguise.Word, string.Concat(disguise.Word.Select((letter, i) =>
            i % 2 == disguise.Tricks[0].Variant % 2 && disguise.Tricks[i].Trick < 7 && Digits.TryGetValue(letter, out var digit) ? digit : letter))));

    [Fact]
    public void Check_ABannedWordWithStretchedLetters_NeverPasses() => Disguises.ForAll(2_000, disguise =>
        AssertFound(disguise.Word, string.Concat(disguise.Word.Select((letter, i) => disguise.Tricks[i].Trick < 3 && letter != ' ' ? new string(letter, 3 + disguise.Tricks[i].Variant % 4) : $"{letter}"))));

    [Fact]
    public void Check_ABannedWordAmongOthers_NeverPasses() => Gen.Select(Disguises, Gen.OneOf(NaturalHeadlines.English), Gen.OneOf(NaturalHeadlines.French)).ForAll(1_000, pair =>
        AssertFound(pair.Item1.Word, $"{pair.Item2} {Spell(pair.Item1.Word, pair.Item1.Tricks, gaps: true)} {pair.Item3}"));

    /// <summary>A guard on the guard: the words are natural, and not banned ones pass.</summary>
    [Fact]
    public void Check_NaturalHeadlinesAgainstTheSameWords_Pass() =>
        Assert.All(NaturalHeadlines.All.Select(headline => headline.Text), text => Drafts.Check(text, new Brief { NeverSay = [.. Banned] }).AssertNotBlocked(Rule, text));

    private static void AssertFound(string banned, string text) => Drafts.Check($"Now {text} here", new Brief { NeverSay = [banned] }).AssertBlocked(Rule, $"{text}, which says {banned}");

    private static string Spell(string word, (int Trick, int Variant)[] tricks, bool gaps) => string.Concat(word.Select((letter, i) => tricks[i] switch
    {
        (0, var variant) => $"{letter}{Invisible[variant % Invisible.Length]}",
        (1, _) => letter.ToString().ToUpper(CultureInfo.InvariantCulture),
        (2, var variant) when Doubles.TryGetValue(letter, out var doubles) => StringInfo.GetNextTextElement(doubles, StringInfo.ParseCombiningCharacters(doubles)[variant % StringInfo.ParseCombiningCharacters(doubles).Length]),
        (3, var variant) when gaps && i + 1 < word.Length => $"{letter}{Gaps[variant % Gaps.Length]}",
        (4, var variant) when gaps && i + 1 < word.Length => $"{Gaps[variant % Gaps.Length]}{letter}",
        _ => $"{letter}",
    }));
}
