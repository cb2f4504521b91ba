using Flywheel.Domain.Campaigns;
using Flywheel.Domain.Governance;

namespace Flywheel.Domain.Tests.Governance.Claims;

public sealed class ClaimsRuleTests
{
    private const string Rule = "claims";

    public static TheoryData<string> Unbacked => new()
    {
        "30 days to change your mind",
        "Thirty days to change your mind",
        "Trente jours pour changer d'avis",
        "Quatre-vingt-dix jours pour changer d'avis",
        "Save 50%",
        "Save50% today",
        "-50 % sur tout",
        "Cinquante pour cent de confort en plus",
        "fifty percent lighter",
        "Only $49.90",
        "Seulement 49,90 €",
        "20 euros de remise",
        "2x lighter",
        "5 000 coureurs",
        "5,000 runners",
        "٣٠٪ de moins",
        "５０ % de moins",
        "½ price",
        "Half price",
        "À moitié prix",
        "Since 1998",
        "Depuis 1998",
        "Ready in 24h",
        "20kg lighter",
        "10k runners",
        "Rated 4.8/5",
        "10 reasons to run",
        "Thousands of happy runners",
        "Des milliers de coureurs",
        "The best shoe",
        "Simply the best",
        "BEST running shoes",
        "B\u0435st shoes for you",
        "Le meilleur pour vos pieds",
        "Nos meilleures chaussures",
        "Meilleur prix sur le trail",
        "#1 in comfort",
        "No. 1 in comfort",
        "n° 1 du confort",
        "N°1 du confort",
        "nº1 du confort",
        "Numéro un du confort",
        "The number one shoe",
        "The lightest shoe",
        "The world's easiest lace",
        "The most comfortable shoe",
        "La plus légère des chaussures",
        "Les moins chers de France",
        "The cheapest pair in town",
        "Le prix le plus bas",
        "The only shoe that breathes",
        "La seule chaussure qui respire",
        "Market leader in comfort",
        "Un confort imbattable",
        "Unbeatable comfort",
        "Always dry feet",
        "Toujours au sec",
        "Free returns",
        "Returns are free",
        "Livraison gratuite",
        "Retours offerts",
        "Risk-free trial",
        "Sans risque",
        "Guaranteed comfort",
        "Confort garanti",
        "Money back if you slip",
        "Satisfait ou remboursé",
        "Clinically proven",
        "Cliniquement prouvé",
        "Cures sore knees",
        "Guérit les genoux",
    };

    [Theory]
    [MemberData(nameof(Unbacked))]
    public void Check_AClaimThatNothingBacks_IsBlocked(string text)
    {
        Drafts.Check(text).AssertBlocked(Rule, text);
        Drafts.Check(text, new Brief { Claims = ["waterproof for 3 seasons"] }).AssertBlocked(Rule, text);
    }

    /// <summary>A claim of the brief, and a text that says no more than it.</summary>
    public static TheoryData<string, string> Backed => new()
    {
        { "free returns for 30 days", "Free returns for 30 days" },
        { "free returns for 30 days", "Retours gratuits pendant 30 jours" },
        { "free returns for 30 days", "30-day returns, free" },
        { "free returns for 30 days", "Thirty days, free returns" },
        { "retours gratuits pendant trente jours", "Free returns, 30 days" },
        { "livraison offerte dès 49,90 €", "Livraison gratuite dès 49.90 €" },
        { "livraison offerte", "Free delivery" },
        { "50 % de remise", "-50% sur tout" },
        { "50 % de remise", "Cinquante pour cent de remise" },
        { "up to 50 % off", "Jusqu'à 50 % de remise" },
        { "50 % off", "Up to 50% off" },
        { "1 000 magasins", "1,000 stores" },
        { "5.000 coureurs", "5 000 coureurs" },
        { "from $49", "From $49.00" },
        { "at least 30 days", "Au moins 30 jours" },
        { "plus de 200 magasins", "More than 200 stores" },
        { "ready in 24 hours", "Prêt en 24h" },
        { "rated 4.8/5", "4,8/5 !" },
        { "90 jours", "Quatre-vingt-dix jours" },
        { "n° 1 du confort", "The best in comfort" },
        { "the best grip", "Le meilleur grip" },
        { "the lightest trail shoe", "La plus légère" },
        { "le moins cher", "The cheapest" },
        { "comfort guaranteed", "Confort garanti" },
        { "satisfait ou remboursé", "Money back" },
        { "always dry", "Toujours au sec" },
        { "half price", "À moitié prix" },
        { "the only recycled lace", "La seule" },
        { "since 1998", "Depuis 1998" },
    };

    [Theory]
    [MemberData(nameof(Backed))]
    public void Check_WhatAClaimBacks_Passes(string claim, string text)
    {
        Assert.Empty(Drafts.Check(text, new Brief { Claims = [claim] }).Of(Rule));
        Assert.Empty(Drafts.Check(text, new Brief { MustSay = [claim] }).Of(Rule));
    }

    /// <summary>A claim of the brief, and a text that says more than it.</summary>
    public static TheoryData<string, string> Stretched => new()
    {
        { "free returns for 30 days", "Free returns for 60 days" },
        { "free returns for 30 days", "Free returns for 30 weeks" },
        { "free returns for 30 days", "30 % off" },
        { "free returns for 30 days", "30 shops" },
        { "free returns for 30 days", "300 days" },
        { "free returns for 30 days", "More than 30 days" },
        { "up to 50 % off", "50 % off" },
        { "jusqu'à 50 % de remise", "50 % de remise" },
        { "from $49", "$49" },
        { "$49", "49 €" },
        { "49,90 €", "49 €" },
        { "1 000 magasins", "1 magasin, 000" },
        { "the lightest shoe", "The fastest shoe" },
        { "the best grip", "Guaranteed grip" },
        { "returns within 30 days", "Free returns within 30 days" },
    };

    [Theory]
    [MemberData(nameof(Stretched))]
    public void Check_WhatSaysMoreThanTheClaim_IsBlocked(string claim, string text) => Drafts.Check(text, new Brief { Claims = [claim] }).AssertBlocked(Rule, $"{text}, beyond {claim}");

    public static TheoryData<string> Innocent => new()
    {
        "Run lighter",
        "Feel free, run free",
        "Free your mind",
        "A free spirit in your free time",
        "Hands-free lacing",
        "Do your best",
        "At your best",
        "Best wishes, best friends",
        "Make the most of it",
        "At least try",
        "The latest from the forest",
        "In the rest of the west",
        "Ton meilleur ami",
        "De meilleurs matins, un meilleur souffle",
        "Meilleurs vœux",
        "Le plus souvent possible",
        "Plus léger, plus loin",
        "Toujours plus loin",
        "As always, run",
        "Two steps ahead",
        "Un jour, une route",
        "One day at a time",
        "Mille mercis",
        "Réfléchissez à deux fois",
        "Le gr4tin de m4tin",
        "Vitamine B12, MP3, 4K, 5G, 3D, CO2",
        "Le 1er pas, la 2e foulée, your 1st run",
        "Un abri neuf pour le vent",
        "L'est, l'ouest, c'est tout",
        "We <3 you",
        "Le seul moyen, c'est d'essayer",
        "The only way is up",
        "Lead the way",
        "Ultra-marathon, in-between, semi",
    };

    [Theory]
    [MemberData(nameof(Innocent))]
    public void Check_WordsThatPromiseNothing_Pass(string text) => Drafts.Check(text).AssertNotBlocked(Rule, text);

    [Theory]
    [InlineData("Never run alone")]
    [InlineData("Plus jamais sans elles")]
    [InlineData("The perfect stride")]
    [InlineData("La foulée parfaite")]
    [InlineData("Better than barefoot")]
    [InlineData("Mieux que pieds nus")]
    [InlineData("Sugar-free, worry-free")]
    [InlineData("Tested by runners")]
    [InlineData("Printemps 2027")]
    [InlineData("Twice as light")]
    public void Check_ASofterAbsolute_IsWarnedAboutAndNotBlocked(string text)
    {
        Assert.Equal(FindingSeverity.Warning, Drafts.Check(text).Gravest(Rule));
        Assert.Empty(Drafts.Check(text, new Brief { Claims = [text] }).Of(Rule));
    }

    [Fact]
    public void Check_TheBrandsName_IsNoClaim()
    {
        var brief = new Brief { Brand = "Best Runner 54" };

        Assert.Empty(Drafts.Check("Run with Best Runner 54 today", brief).Of(Rule));
        Drafts.Check("The best runner of 54", brief).AssertBlocked(Rule, "words of the name elsewhere");
        Drafts.Check("Best Runner 54: 54 % lighter", brief).AssertBlocked(Rule, "a figure of the name elsewhere");
    }

    [Fact]
    public void Check_AnUnbackedFigure_IsQuotedWithItsUnit() => Assert.Equal(
        ["content.text: \"50 %\", which no claim of the brief backs; promises of the brief's claims alone"],
        Drafts.Check("Save 50 % today").Of(Rule).Select(finding => finding.Text));

    [Fact]
    public void Check_AFigureWithoutItsLimit_SaysWhatTheBriefSays() => Assert.Equal(
        ["content.text: \"50 %\", which says more than the brief's \"up to 50 %\"; promises of the brief's claims alone"],
        Drafts.Check("50 % off", new Brief { Claims = ["up to 50 % off"] }).Of(Rule).Select(finding => finding.Text));

    [Fact]
    public void Check_MoreClaimsThanAnyoneMends_KeepsSixteenThatBlock()
    {
        var findings = Drafts.Check($"Perfect, never, unique. {string.Join(", ", Enumerable.Range(100, 40).Select(i => $"{i} %"))}").Of(Rule);

        Assert.Equal(16, findings.Length);
        Assert.All(findings, finding => Assert.Equal(FindingSeverity.Block, finding.Severity));
    }
}
