using Flywheel.Domain.Governance;
using Flywheel.Domain.Tests.Campaigns;

namespace Flywheel.Domain.Tests.Governance;

public sealed class NewDocumentTests
{
    public static TheoryData<string> Sound =>
    [
        Documents.Contract,
        Documents.With("\"name\":\"a\""),
        Documents.With("""
            "brief":{"mustSay":[],"neverSay":["a"],"claims":[],"tone":["warm"],"brand":""}
            """),
    ];

    [Theory]
    [MemberData(nameof(Sound))]
    public void Check_WhatCanBeKept_IsNotWrong(string document) => Assert.Empty(NewDocument.Check(Documents.Read(document)));

    [Theory]
    [InlineData("""{"language":""}""", "brief.language: came \"\"; expected a language tag such as fr or en, or no language")]
    [InlineData("""{"language":"  "}""", "brief.language: came \"  \"; expected a language tag such as fr or en, or no language")]
    [InlineData("""{"neverSay":["free",""]}""", "brief.neverSay[1]: came \"\"; expected words, or an item less")]
    [InlineData("""{"mustSay":[" \t"]}""", "brief.mustSay[0]: came nothing but blanks; expected words, or an item less")]
    [InlineData("""{"claims":[""]}""", "brief.claims[0]: came \"\"; expected words, or an item less")]
    [InlineData("""{"tone":[""]}""", "brief.tone[0]: came \"\"; expected words, or an item less")]
    public void Check_ABriefThatSaysNothing_NamesTheMember(string brief, string error) =>
        Assert.Equal([error], NewDocument.Check(Documents.Read(Documents.With($"\"brief\":{brief}"))).Select(each => each.ToString()));
}
