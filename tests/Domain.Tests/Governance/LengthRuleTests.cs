using System.Collections.Immutable;
using Flywheel.Domain.Governance;

namespace Flywheel.Domain.Tests.Governance;

public sealed class LengthRuleTests
{
    private const string Rule = "length";

    [Theory]
    [InlineData("abcde", 5)]
    [InlineData("👩‍👩‍👧‍👦🇫🇷é", 3)]
    [InlineData("e\u0301te\u0301", 3)]
    public void Check_TextAtTheSlotsLength_SaysHowLongItIs(string text, int maxLength)
    {
        var finding = Assert.Single(Drafts.Check(Drafts.Headline with { MaxLength = maxLength }, Drafts.Saying(text)).Of(Rule));

        Assert.Equal(new Finding(Rule, FindingSeverity.Info, $"content.text: {maxLength} of {maxLength} characters"), finding);
    }

    [Theory]
    [InlineData("abcdef", 5)]
    [InlineData("👩‍👩‍👧‍👦🇫🇷éx", 3)]
    public void Check_TextBeyondTheSlotsLength_IsBlocked(string text, int maxLength) => Assert.Equal(
        [new Finding(Rule, FindingSeverity.Block, $"content.text: {maxLength + 1} characters; at most {maxLength} (the slot's maxLength)")],
        Drafts.Check(Drafts.Headline with { MaxLength = maxLength }, Drafts.Saying(text)).Of(Rule));

    [Fact]
    public void Check_TextBeyondEveryLimit_IsBlockedWithoutAMaxLength()
    {
        Drafts.Check(new string('x', 2_001)).AssertBlocked(Rule, "2,001 characters");
        Drafts.Check(new string('x', 2_000)).AssertNotBlocked(Rule, "2,000 characters");
        Drafts.Check(Drafts.Headline, Drafts.Content($$"""{"text":"x","more":"{{new string('x', 2_001)}}"}""")).AssertBlocked(Rule, "2,001 characters in another member");
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"text":""}""")]
    [InlineData("""{"text":5}""")]
    [InlineData("""{"title":"Run lighter"}""")]
    public void Check_TextSlotWithoutText_IsBlocked(string content) =>
        Drafts.Check(Drafts.Headline, Drafts.Content(content)).AssertBlocked(Rule, content);

    [Fact]
    public void Check_SlotOfAnotherKind_NeedsNoText() =>
        Drafts.Check(Drafts.Headline with { Kind = "my-kind" }, Drafts.Content("{}")).AssertNotBlocked(Rule, "{}");

    [Fact]
    public void Check_AttributesBeyondWhatADocumentHolds_AreBlocked()
    {
        var none = ImmutableSortedDictionary<string, string>.Empty;
        var candidate = new Candidate { Slot = Drafts.Headline, Content = Drafts.Saying("Run lighter") };

        Guardrails.Check(candidate with { Attributes = none.Add("angle", new string('x', 201)) }, null, [], []).AssertBlocked(Rule, "a value of 201");
        Guardrails.Check(candidate with { Attributes = none.Add(new string('x', 65), "x") }, null, [], []).AssertBlocked(Rule, "a name of 65");
        Guardrails.Check(candidate with { Attributes = none.AddRange(Enumerable.Range(0, 17).Select(i => KeyValuePair.Create($"a{i}", "x"))) }, null, [], []).AssertBlocked(Rule, "17 attributes");
        Guardrails.Check(candidate with { Attributes = none.AddRange(Enumerable.Range(0, 16).Select(i => KeyValuePair.Create($"a{i}", new string('x', 200)))) }, null, [], [])
            .AssertNotBlocked(Rule, "16 attributes of 200");
    }
}
