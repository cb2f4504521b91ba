using Flywheel.Domain.Governance;
using Flywheel.Domain.Tests.Campaigns;

namespace Flywheel.Domain.Tests.Governance;

public sealed class NewDocumentTests
{
    public static TheoryData<string> Sound =>
    [
        Documents.Contract,
        Documents.With("\"name\":\"a\""),
        Half("{}"),
        Half("""{"challengerShare":0.1667}"""),
        Half("""{"challengerShare":0.01,"mode":"off"}"""),
        Half("""{"challengerShare":0.01,"maxModulesPerSlot":1}"""),
        Half("""{"challengerShare":0.2,"auto":{"share":0.01}}"""),
        Half("""{"mode":"auto","challengerShare":0.25,"maxModulesPerSlot":2}"""),
        """{"slots":[{"id":"image","kind":"image","modules":[{"id":"i1","content":{"url":"https://example.com/a.jpg"}}]}],"policy":{"control":0.5},"governance":{"challengerShare":0.01}}""",
        Documents.With("""
            "policy":{"control":0},"governance":{"challengerShare":0}
            """),
        Documents.With("""
            "brief":{"mustSay":[],"neverSay":["a"],"claims":[],"tone":["warm"],"brand":""}
            """),
    ];

    [Theory]
    [MemberData(nameof(Sound))]
    public void Check_WhatCanBeKept_IsNotWrong(string document) => Assert.Empty(NewDocument.Check(Documents.Read(document)));

    [Theory]
    [InlineData("""{"challengerShare":0.01}""", "governance.challengerShare: came 0.01; expected at least 0.1667, what the control group alone gives a new module of s, or a smaller policy.control")]
    [InlineData("""{"challengerShare":0}""", "governance.challengerShare: came 0; expected at least 0.1667, what the control group alone gives a new module of s, or a smaller policy.control")]
    [InlineData("""{"challengerShare":0.2,"maxModulesPerSlot":2}""", "governance.challengerShare: came 0.2; expected at least 0.25, what the control group alone gives a new module of s, or a smaller policy.control")]
    [InlineData("""{"mode":"auto","auto":{"share":0.1}}""", "governance.auto.share: came 0.1; expected at least 0.1667, what the control group alone gives a new module of s, or a smaller policy.control")]
    public void Check_ABoundBelowTheControlGroupsPart_SaysWhatIsLeast(string governance, string error) =>
        Assert.Equal([error], NewDocument.Check(Documents.Read(Half(governance))).Select(each => each.ToString()));

    [Theory]
    [InlineData("""{"language":""}""", "brief.language: came \"\"; expected a language tag such as fr or en, or no language")]
    [InlineData("""{"language":"  "}""", "brief.language: came \"  \"; expected a language tag such as fr or en, or no language")]
    [InlineData("""{"neverSay":["free",""]}""", "brief.neverSay[1]: came \"\"; expected words, or an item less")]
    [InlineData("""{"mustSay":[" \t"]}""", "brief.mustSay[0]: came nothing but blanks; expected words, or an item less")]
    [InlineData("""{"claims":[""]}""", "brief.claims[0]: came \"\"; expected words, or an item less")]
    [InlineData("""{"tone":[""]}""", "brief.tone[0]: came \"\"; expected words, or an item less")]
    public void Check_ABriefThatSaysNothing_NamesTheMember(string brief, string error) =>
        Assert.Equal([error], NewDocument.Check(Documents.Read(Documents.With($"\"brief\":{brief}"))).Select(each => each.ToString()));

    /// <summary>Half of the traffic to a control group of two modules and a newcomer.</summary>
    private static string Half(string governance) => Documents.With($"\"policy\":{{\"control\":0.5}},\"governance\":{governance}");
}
