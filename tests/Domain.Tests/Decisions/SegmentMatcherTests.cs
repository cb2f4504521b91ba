using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using CsCheck;
using Flywheel.Decisions;
using Flywheel.Domain.Tests.Campaigns;

namespace Flywheel.Domain.Tests.Decisions;

public sealed class SegmentMatcherTests
{
    [Theory]
    [InlineData("""{"age":{"lt":30}}""", """{"age":29.9}""", true)]
    [InlineData("""{"age":{"lt":30}}""", """{"age":30}""", false)]
    [InlineData("""{"age":{"lte":30}}""", """{"age":30}""", true)]
    [InlineData("""{"age":{"lte":30}}""", """{"age":30.1}""", false)]
    [InlineData("""{"age":{"gt":30}}""", """{"age":30}""", false)]
    [InlineData("""{"age":{"gt":30}}""", """{"age":3e1}""", false)]
    [InlineData("""{"age":{"gt":30}}""", """{"age":30.1}""", true)]
    [InlineData("""{"age":{"gte":30}}""", """{"age":3e1}""", true)]
    [InlineData("""{"age":{"gte":18,"lt":30}}""", """{"age":18}""", true)]
    [InlineData("""{"age":{"gte":18,"lt":30}}""", """{"age":30}""", false)]
    [InlineData("""{"city":["Paris","Lyon"]}""", """{"city":"Lyon"}""", true)]
    [InlineData("""{"city":["Paris","Lyon"]}""", """{"city":"lyon"}""", false)]
    [InlineData("""{"city":{"in":["Paris",5]}}""", """{"city":5}""", true)]
    [InlineData("""{"city":"Paris"}""", """{"city":"Paris"}""", true)]
    [InlineData("""{"city":{"eq":"Paris"}}""", """{"city":"Paris"}""", true)]
    [InlineData("""{"city":{"ne":"Paris"}}""", """{"city":"Lyon"}""", true)]
    [InlineData("""{"city":{"ne":"Paris"}}""", """{"city":"Paris"}""", false)]
    [InlineData("""{"returning":true}""", """{"returning":true}""", true)]
    [InlineData("""{"returning":true}""", """{"returning":false}""", false)]
    public void Match_EachOperator_ComparesAsItSays(string match, string context, bool matches) => AssertMatches(match, context, matches);

    [Theory]
    [InlineData("""{"age":{"lt":30}}""", "{}")]
    [InlineData("""{"age":{"lt":30}}""", "")]
    [InlineData("""{"age":{"lt":30}}""", """{"Age":20}""")]
    [InlineData("""{"age":{"lt":30}}""", """{"age":"20"}""")]
    [InlineData("""{"age":{"lt":30}}""", """{"age":null}""")]
    [InlineData("""{"age":{"lt":30}}""", """{"age":[20]}""")]
    [InlineData("""{"age":{"lt":30}}""", """{"age":{"lt":20}}""")]
    [InlineData("""{"age":{"lt":30}}""", """{"user":{"age":20}}""")]
    [InlineData("""{"age":{"lt":30}}""", """{"list":[{"age":20}]}""")]
    [InlineData("""{"city":{"ne":"Paris"}}""", "{}")]
    [InlineData("""{"city":{"ne":"Paris"}}""", """{"city":5}""")]
    [InlineData("""{"city":["5"]}""", """{"city":5}""")]
    [InlineData("""{"returning":true}""", """{"returning":"true"}""")]
    public void Match_MemberMissingOrOfAnotherType_DoesNotMatch(string match, string context) => AssertMatches(match, context, false);

    /// <summary>Rules that share members and values, in any mixture: the index finds what trying each in turn does.</summary>
    [Fact]
    public void Match_ManyRulesOfAnyKind_FindsTheFirstThatHolds() => RulesAndContext.ForAll(2_000, given =>
    {
        var first = Array.FindIndex(given.Rules, rule => rule.Length > 0 && rule.All(condition =>
            given.Context.Where(member => member.Name == condition.Member).Any(member => condition.Holds(member.Value))));

        var matched = new SegmentMatcher([.. given.Rules.Select(rule => rule.ToImmutableArray())]).Match(Json(given.Context), out _);

        Assert.Equal(first, matched);
    });

    [Theory]
    [InlineData("""{"c\u0069ty":"P\u0061ris"}""")]
    [InlineData("""{"deep":{"city":"Lyon","list":[[],{}]},"x":[1,{"city":"Lyon"}],"city":"Paris"}""")]
    [InlineData("""{"city":"Lyon","city":"Paris"}""")]
    [InlineData(""" { "city" : "Paris" } """)]
    public void Match_MembersAfterNestedOnesOrEscaped_AreFound(string context) => AssertMatches("""{"city":"Paris"}""", context, true);

    [Theory]
    [InlineData("""{"age":20,"city":"Paris"}""", true)]
    [InlineData("""{"city":"Paris","age":20}""", true)]
    [InlineData("""{"age":20,"city":"Rome"}""", false)]
    [InlineData("""{"age":40,"city":"Paris"}""", false)]
    [InlineData("""{"age":20}""", false)]
    public void Match_SeveralConditions_NeedsAll(string context, bool matches) => AssertMatches("""{"age":{"lt":30},"city":["Paris","Lyon"]}""", context, matches);

    [Theory]
    [InlineData("""{"age":20}""", 1)]
    [InlineData("""{"age":35}""", 2)]
    [InlineData("""{"age":45}""", -1)]
    public void Match_SeveralSegments_FirstInTheDocumentWins(string context, int segment)
    {
        var matcher = MatcherOf("""
            {"id":"named-only"},
            {"id":"young","match":{"age":{"lt":30}}},
            {"id":"younger-than-forty","match":{"age":{"lt":40}}}
            """);

        Assert.Equal(segment, matcher.Match(Encoding.UTF8.GetBytes(context), out _));
    }

    [Theory]
    [InlineData("""{"channel":"email"}""", "email", -1)]
    [InlineData("""{"channel":"push"}""", "push", 0)]
    [InlineData("""{"channel":5}""", null, -1)]
    [InlineData("{}", null, -1)]
    public void Match_Channel_IsReadWhetherOrNotARuleNamesIt(string context, string? channel, int segment)
    {
        var matcher = MatcherOf("""{"id":"pushed","match":{"channel":"push"}}""");

        Assert.Equal(segment, matcher.Match(Encoding.UTF8.GetBytes(context), out var read));
        Assert.Equal(channel, read);
    }

    [Fact]
    public void Match_ContextThatIsNoObject_IsDefault() => Assert.Equal(-1, MatcherOf("""{"id":"a","match":{"age":1}}""").Match("[1,2]"u8, out _));

    [Theory]
    [InlineData("""{"city":"\ud800"}""", false)]
    [InlineData("""{"\ud800":1}""", false)]
    [InlineData("""{"x":"\ud800","\udc00":"x","city":"Paris"}""", true)]
    public void Match_TextThatIsNoUnicode_IsPassedOverNotThrown(string context, bool matches) => AssertMatches("""{"city":"Paris"}""", context, matches);

    [Fact]
    public void Match_BytesThatAreNoUtf8_ArePassedOverNotThrown() =>
        Assert.Equal(-1, MatcherOf("""{"id":"a","match":{"city":"Paris"}}""").Match([.. "{\"city\":\""u8, 0xFF, 0xC0, .. "\",\""u8, 0xFF, .. "\":1}"u8], out _));

    [Fact]
    public void Match_NumberBeyondDouble_DoesNotThrow() => AssertMatches("""{"age":{"lt":30}}""", """{"age":1e999}""", false);

    private static void AssertMatches(string match, string context, bool matches) =>
        Assert.Equal(matches ? 0 : -1, MatcherOf($$"""{"id":"a","match":{{match}}}""").Match(Encoding.UTF8.GetBytes(context), out _));

    private static SegmentMatcher MatcherOf(string segments) =>
        new([.. Documents.Read(Documents.With($"\"segments\":[{segments}]")).Segments.Select(segment => segment.Match)]);

    private static readonly Gen<ConditionValue> Values = Gen.OneOf(
        Gen.Int[0, 4].Select(number => new ConditionValue(JsonValueKind.Number, null, number)),
        Gen.Int[0, 4].Select(number => new ConditionValue(JsonValueKind.String, $"v{number}", 0)),
        Gen.Bool.Select(flag => new ConditionValue(flag ? JsonValueKind.True : JsonValueKind.False, null, 0)));

    private static readonly Gen<string> Members = Gen.Int[0, 3].Select(member => $"m{member}");

    private static readonly Gen<SegmentCondition> Conditions = Gen.Select(Members, Gen.Enum<ConditionOperator>(), Values.Array[1, 3]).Select((member, comparison, values) =>
        new SegmentCondition(member, comparison, [.. comparison == ConditionOperator.In ? values : values.Take(1)]));

    private static readonly Gen<(SegmentCondition[][] Rules, (string Name, ConditionValue Value)[] Context)> RulesAndContext =
        Gen.Select(Conditions.Array[0, 3].Array[0, 12], Gen.Select(Members, Values).Array[0, 4]).Select((rules, context) => (rules, context.DistinctBy(member => member.Item1).ToArray()));

    private static byte[] Json((string Name, ConditionValue Value)[] context) => JsonSerializer.SerializeToUtf8Bytes(context.ToDictionary(
        member => member.Name,
        member => (object?)member.Value.Text ?? (member.Value.Kind == JsonValueKind.Number ? member.Value.Number : member.Value.Kind == JsonValueKind.True)));
}
