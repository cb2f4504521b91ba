namespace Flywheel.Domain.Tests.Governance;

public sealed class CharactersRuleTests
{
    private const string Rule = "characters";

    public static TheoryData<string> Attacks => new()
    {
        "Run\u0000 lighter",
        "Run\tlighter",
        "Run\u001b[31m lighter",
        "Run\u0085lighter",
        "Run\u2028lighter",
        "Run \u202Erethgil",
        "Run \u2066lighter\u2069",
        "Run\u200F lighter",
        "guar\u200Banteed",
        "guar\u200Danteed",
        "guar\u200Canteed",
        "guar\u00ADanteed",
        "guar\u2060anteed",
        "\uFEFFRun lighter",
        "Run\u034F lighter",
        "a\uFE0Fb",
        "x\uDB40\uDD00y",
        "Run\uDB40\uDC41\uDB40\uDC42 lighter",
        "Run \u3164 lighter",
        "Run \u2800 lighter",
        "Run \uE000 lighter",
        "Run \uDBFF\uDFFD lighter",
        "Run \uFFFD lighter",
        "Run \u0378 lighter",
        "Z\u0301\u0302\u0303\u0304algo",
        "g\u0336u\u0336a\u0336r\u0336",
        "Run li\u20DDghter",
        "gu\u0430ranteed",
        "Р\u0430y less",
        "b\u03BFnus",
        "\u0441\u043E\u0441\u043E chanel style",
        "Only \u0430 pair left",
        "\uA4D0\uA4F0\uA4E2\uA4D4 shoes of the town",
        "𝓖𝓾𝓪𝓻𝓪𝓷𝓽𝓮𝓮𝓭",
        "ｆｒｅｅ",
        "Ⓕⓡⓔⓔ",
        "🅵🆁🅴🅴",
        "ɢᴜᴀʀ",
        "１００",
    };

    [Theory]
    [MemberData(nameof(Attacks))]
    public void Check_WhatAReaderDoesNotSee_IsBlocked(string text) => Drafts.Check(text).AssertBlocked(Rule, text);

    public static TheoryData<string> Innocent => new()
    {
        "Où êtes-vous ? À l’œuvre, naïve Zoë !",
        "E\u0301te\u0301 a\u0300 la mer",
        "Prix doux : « déjà » … ½ tarif – n° spécial, 1ᵉʳ pas, Mᵐᵉ Doux™",
        "Family runs 👩‍👩‍👧‍👦 with ❤️ and 🏃🏽‍♀️ #️⃣ ℹ️ ©️",
        "🇫🇷 🇧🇪 Run 🅿️",
        "Straße, Ærø, Łódź, İstanbul",
        "β-carotene, π, 5 µm, α",
        "素晴らしい靴 Nike版",
        "Лёгкий бег",
        "می‌خواهم",
        "कर्‍म",
        "Two lines\nof copy",
        "x² + 5 × 3 ≠ 9",
        "Narrow\u202Fspaces\u00A0are fine",
        "Việt Nam ấm",
    };

    [Theory]
    [MemberData(nameof(Innocent))]
    public void Check_WhatWritersUse_Passes(string text) => Drafts.Check(text).AssertNotBlocked(Rule, text);

    [Fact]
    public void Check_AnInvisibleCharacter_IsNamed() => Assert.Equal(
        ["content.text: U+200B, an invisible character; plain letters, spaces and punctuation"],
        Drafts.Check("Run\u200B lighter").Of(Rule).Select(finding => finding.Text));

    [Fact]
    public void Check_AWordOfTwoScripts_IsQuoted() => Assert.Equal(
        ["content.text: \"p\u0430y\" in letters of Latin and Cyrillic; words in letters of one script"],
        Drafts.Check("You p\u0430y less").Of(Rule).Select(finding => finding.Text));
}
