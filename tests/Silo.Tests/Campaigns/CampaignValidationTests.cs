using System.Text;

namespace Flywheel.Silo.Tests.Campaigns;

/// <summary>What is refused, by which field, and that nothing changes then.</summary>
public sealed class CampaignValidationTests(Engine engine) : EngineTest(engine)
{
    private const string Text = "slots[0].modules[0].content.text";

    private static readonly string LongId = new('a', 65);

    /// <summary>Each document by what is wrong with it, and the field that the errors must name.</summary>
    private static readonly Dictionary<string, (string Document, string Field)> Documents = new()
    {
        ["empty body"] = ("", ""),
        ["cut off"] = ("""{"slots":[""", ""),
        ["trailing comma"] = (Wire.Campaign([1]).Replace("}]}]}", "}]}],}", StringComparison.Ordinal), ""),
        ["two documents"] = (Wire.Campaign([1]) + Wire.Campaign([1]), ""),
        ["duplicate member"] = ("""{"name":"a","name":"b",""" + Wire.Campaign([1])[1..], ""),
        ["duplicate member deep down"] = (Headline("""{"id":"h1","id":"h2"}"""), ""),
        ["NaN"] = (With("\"policy\":{\"control\":NaN}"), ""),
        ["too deep"] = (Headline($$$"""{"id":"h1","content":{"a":{{{new string('[', 40)}}}{{{new string(']', 40)}}}}}"""), ""),
        ["a list"] = ("[]", ""),
        ["a text"] = ("\"spring\"", ""),
        ["null"] = ("null", ""),

        ["unknown member"] = (With("\"colour\":\"red\""), "colour"),
        ["unknown member of the brief"] = (With("\"brief\":{\"colour\":\"red\"}"), "brief.colour"),
        ["unknown member of a slot"] = (Slots("""{"id":"headline","colour":1,"modules":[{"id":"h1"}]}"""), "slots[0].colour"),
        ["unknown member of a module"] = (Headline("""{"id":"h1","colour":1}"""), "slots[0].modules[0].colour"),
        ["unknown member of a segment"] = (With("\"segments\":[{\"id\":\"a\",\"colour\":1}]"), "segments[0].colour"),
        ["unknown member of the policy"] = (With("\"policy\":{\"colour\":1}"), "policy.colour"),
        ["unknown member of the governance"] = (With("\"governance\":{\"colour\":1}"), "governance.colour"),
        ["id of another campaign"] = (With("\"id\":\"another\""), "id"),

        ["name is a number"] = (With("\"name\":5"), "name"),
        ["name is too long"] = (With($"\"name\":\"{new string('n', 201)}\""), "name"),
        ["half a character in the name"] = (With("\"name\":\"\\ud800\""), ""),
        ["status is unknown"] = (With("\"status\":\"sleeping\""), "status"),
        ["status is null"] = (With("\"status\":null"), "status"),
        ["simulation is a text"] = (With("\"simulation\":\"yes\""), "simulation"),
        ["brief is a list"] = (With("\"brief\":[]"), "brief"),
        ["tone is a text"] = (With("\"brief\":{\"tone\":\"warm\"}"), "brief.tone"),
        ["tone holds a number"] = (With("\"brief\":{\"tone\":[1]}"), "brief.tone[0]"),

        ["language says nothing"] = (With("\"brief\":{\"language\":\"\"}"), "brief.language"),
        ["neverSay says nothing"] = (With("\"brief\":{\"neverSay\":[\"\"]}"), "brief.neverSay[0]"),
        ["mustSay says nothing"] = (With("\"brief\":{\"mustSay\":[\"a\",\" \"]}"), "brief.mustSay[1]"),

        ["no slots"] = ("{}", "slots"),
        ["slots is empty"] = (Slots(), "slots"),
        ["slots is an object"] = ("""{"slots":{}}""", "slots"),
        ["slot is a number"] = (Slots("5"), "slots[0]"),
        ["9 slots"] = (Wire.Campaign([1, 1, 1, 1, 1, 1, 1, 1, 1]), "slots"),
        ["too many combinations"] = (Wire.Campaign([32, 32, 32, 32, 32]), "slots"),
        ["no modules"] = (Slots("""{"id":"headline"}"""), "slots[0].modules"),
        ["modules is empty"] = (Headline(), "slots[0].modules"),
        ["modules is a text"] = (Slots("""{"id":"headline","modules":"h1"}"""), "slots[0].modules"),
        ["33 modules"] = (Wire.Campaign([33]), "slots[0].modules"),
        ["200 modules"] = (Wire.Campaign([1, 200]), "slots[1].modules"),
        ["two slots of one id"] = (Slots(Wire.Slot("headline", """{"id":"h1"}"""), Wire.Slot("headline", """{"id":"h1"}""")), "slots[1].id"),
        ["two modules of one id"] = (Headline("""{"id":"h1"}""", """{"id":"h1"}"""), "slots[0].modules[1].id"),
        ["two segments of one id"] = (With("\"segments\":[{\"id\":\"a\"},{\"id\":\"a\"}]"), "segments[1].id"),
        ["slot without id"] = (Slots("""{"modules":[{"id":"h1"}]}"""), "slots[0].id"),
        ["slot id with a space"] = (Slots(Wire.Slot("head line", """{"id":"h1"}""")), "slots[0].id"),
        ["slot id with a capital"] = (Slots(Wire.Slot("Headline", """{"id":"h1"}""")), "slots[0].id"),
        ["slot id too long"] = (Slots(Wire.Slot(LongId, """{"id":"h1"}""")), "slots[0].id"),
        ["slot id empty"] = (Slots(Wire.Slot("", """{"id":"h1"}""")), "slots[0].id"),
        ["module without id"] = (Headline("{}"), "slots[0].modules[0].id"),
        ["module id is a number"] = (Headline("""{"id":1}"""), "slots[0].modules[0].id"),
        ["module id with a slash"] = (Headline("""{"id":"a/b"}"""), "slots[0].modules[0].id"),
        ["module id with an accent"] = (Headline("""{"id":"été"}"""), "slots[0].modules[0].id"),
        ["half a character in an id"] = (Headline("""{"id":"\ud800"}"""), ""),
        ["segment id too long"] = (With($$"""  "segments":[{"id":"{{LongId}}"}]"""), "segments[0].id"),

        ["kind is a number"] = (Slots("""{"id":"headline","kind":5,"modules":[{"id":"h1"}]}"""), "slots[0].kind"),
        ["kind with a space"] = (Slots("""{"id":"headline","kind":"a b","modules":[{"id":"h1"}]}"""), "slots[0].kind"),
        ["maxLength of 0"] = (Slots("""{"id":"headline","maxLength":0,"modules":[{"id":"h1"}]}"""), "slots[0].maxLength"),
        ["maxLength is a text"] = (Slots("""{"id":"headline","maxLength":"90","modules":[{"id":"h1"}]}"""), "slots[0].maxLength"),
        ["maxLength is a fraction"] = (Slots("""{"id":"headline","maxLength":1.5,"modules":[{"id":"h1"}]}"""), "slots[0].maxLength"),
        ["text over maxLength"] = (Slots("""{"id":"headline","maxLength":4,"modules":[{"id":"h1","content":{"text":"12345"}}]}"""), Text),
        ["text slot without text"] = (Slots("""{"id":"headline","kind":"text","modules":[{"id":"h1","content":{}}]}"""), Text),
        ["text slot without content"] = (Slots("""{"id":"headline","kind":"text","modules":[{"id":"h1"}]}"""), Text),
        ["text slot with a number"] = (Slots("""{"id":"headline","kind":"text","modules":[{"id":"h1","content":{"text":5}}]}"""), Text),
        ["image slot without url"] = (Slots("""{"id":"image","kind":"image","modules":[{"id":"i1","content":{"alt":"…"}}]}"""), "slots[0].modules[0].content.url"),
        ["content is a text"] = (Headline("""{"id":"h1","content":"Run lighter"}"""), "slots[0].modules[0].content"),
        ["content is null"] = (Headline("""{"id":"h1","content":null}"""), "slots[0].modules[0].content"),
        ["content is too large"] = (Headline(Wire.Module("h1", new string('x', 9_000))), "slots[0].modules[0].content"),
        ["attributes is a list"] = (Headline("""{"id":"h1","attributes":[]}"""), "slots[0].modules[0].attributes"),
        ["attribute is a number"] = (Headline("""{"id":"h1","attributes":{"angle":1}}"""), "slots[0].modules[0].attributes.angle"),
        ["17 attributes"] = (Headline($$$"""{"id":"h1","attributes":{{{{string.Join(',', Enumerable.Range(1, 17).Select(i => $"\"a{i}\":\"x\""))}}}}}"""), "slots[0].modules[0].attributes"),

        ["segments is an object"] = (With("\"segments\":{}"), "segments"),
        ["1,001 segments"] = (With($"\"segments\":[{Wire.Segments(1_001)}]"), "segments"),
        ["segment named default"] = (With("\"segments\":[{\"id\":\"default\"}]"), "segments[0].id"),
        ["match is a list"] = (With("\"segments\":[{\"id\":\"a\",\"match\":[]}]"), "segments[0].match"),
        ["match of null"] = (Match("null"), "segments[0].match.age"),
        ["match of an unknown comparison"] = (Match("""{"near":30}"""), "segments[0].match.age.near"),
        ["match of lt with a text"] = (Match("""{"lt":"30"}"""), "segments[0].match.age.lt"),
        ["match of lt beyond all numbers"] = (Match("""{"lt":1e999}"""), "segments[0].match.age.lt"),
        ["match beyond all numbers"] = (Match("-1e999"), "segments[0].match.age"),
        ["match of a list beyond all numbers"] = (Match("[1,1e999]"), "segments[0].match.age"),
        ["match of an empty list"] = (Match("[]"), "segments[0].match.age"),
        ["match of a list of lists"] = (Match("[[1]]"), "segments[0].match.age"),
        ["half a character in a rule"] = (Match("\"\\ud800\""), ""),

        ["rewards is a list"] = (With("\"rewards\":[]"), "rewards"),
        ["rewards is empty"] = (With("\"rewards\":{}"), "rewards"),
        ["rewards has a cap alone"] = (With("\"rewards\":{\"cap\":1}"), "rewards"),
        ["reward is a text"] = (With("\"rewards\":{\"click\":\"1\"}"), "rewards.click"),
        ["reward is negative"] = (With("\"rewards\":{\"click\":-1}"), "rewards.click"),
        ["reward is too large"] = (With("\"rewards\":{\"click\":1e7}"), "rewards.click"),
        ["reward is beyond all numbers"] = (With("\"rewards\":{\"click\":1e999}"), "rewards.click"),
        ["reward is too fine"] = (With("\"rewards\":{\"click\":0.0000001}"), "rewards.click"),
        ["reward of a bad type"] = (With("\"rewards\":{\"big click\":1}"), "rewards.big click"),
        ["reward by value without a cap"] = (With("\"rewards\":{\"order\":{\"perValue\":0.1}}"), "rewards.cap"),
        ["reward of an unknown form"] = (With("\"rewards\":{\"order\":{\"share\":0.1},\"cap\":5}"), "rewards.order.share"),
        ["cap of 0"] = (With("\"rewards\":{\"click\":1,\"cap\":0}"), "rewards.cap"),

        ["policy is a text"] = (With("\"policy\":\"greedy\""), "policy"),
        ["control above 1"] = (With("\"policy\":{\"control\":1.1}"), "policy.control"),
        ["control below 0"] = (With("\"policy\":{\"control\":-0.1}"), "policy.control"),
        ["control is a text"] = (With("\"policy\":{\"control\":\"5%\"}"), "policy.control"),
        ["minPropensity is impossible"] = (With("\"policy\":{\"minPropensity\":0.6}"), "policy.minPropensity"),
        ["minPropensity is negative"] = (With("\"policy\":{\"minPropensity\":-1e-9}"), "policy.minPropensity"),
        ["attributionWindow of 0"] = (With("\"policy\":{\"attributionWindow\":\"00:00:00\"}"), "policy.attributionWindow"),
        ["attributionWindow is negative"] = (With("\"policy\":{\"attributionWindow\":\"-01:00:00\"}"), "policy.attributionWindow"),
        ["attributionWindow too long"] = (With("\"policy\":{\"attributionWindow\":\"31.00:00:00\"}"), "policy.attributionWindow"),
        ["attributionWindow is a word"] = (With("\"policy\":{\"attributionWindow\":\"soon\"}"), "policy.attributionWindow"),
        ["attributionWindow is a number"] = (With("\"policy\":{\"attributionWindow\":3600}"), "policy.attributionWindow"),
        ["governance is a number"] = (With("\"governance\":5"), "governance"),
        ["mode is unknown"] = (With("\"governance\":{\"mode\":\"maybe\"}"), "governance.mode"),
        ["maxModulesPerSlot of 33"] = (With("\"governance\":{\"maxModulesPerSlot\":33}"), "governance.maxModulesPerSlot"),
        ["challengerShare of 2"] = (With("\"governance\":{\"challengerShare\":2}"), "governance.challengerShare"),
        ["proposalsPerDay of -1"] = (With("\"governance\":{\"proposalsPerDay\":-1}"), "governance.proposalsPerDay"),
    };

    public static TheoryData<string> Names => [.. Documents.Keys];

    public static TheoryData<string> Accepted201 =>
    [
        Wire.Campaign([32]),
        Wire.Campaign([2, 2, 2, 2, 2, 2, 2, 2]),
        Wire.Campaign([16, 32, 32, 32, 32]),
        Wire.Campaign([2], "\"policy\":{\"control\":1,\"minPropensity\":0.5,\"attributionWindow\":\"00:00:01\"}"),
        Wire.Campaign([2], "\"policy\":{\"control\":0,\"attributionWindow\":\"30.00:00:00\"}"),
        Wire.Campaign([2], "\"policy\":{\"attributionWindow\":\"PT90M\"}"),
        Wire.Campaign([Wire.Slot(LongId[1..], """{"id":"-"}""")]),
        """{"slots":[{"id":"headline","maxLength":4,"modules":[{"id":"h1","content":{"text":"été🚀"}}]}]}""",
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Put_Wrong_NamesTheFieldAndChangesNothing(string wrong)
    {
        var (document, field) = Documents[wrong];
        await PutAsync(Wire.Spring);
        var before = await Api.GetAsync(Path);

        (await Api.PutAsync(Path, document)).ExpectFieldError(field, 400, 422);

        var after = await Api.GetAsync(Path);
        Assert.Equal((before.Text, before.Headers.ETag), (after.Text, after.Headers.ETag));
        (await Api.PutAsync($"{Path}-new", document)).ExpectFieldError(field, 400, 422);
        (await Api.GetAsync($"{Path}-new")).ExpectProblem(404);
    }

    [Theory]
    [MemberData(nameof(Accepted201))]
    public async Task Put_AtTheLimits_IsAccepted(string document)
    {
        (await Api.PutAsync(Path, document)).Expect(201);

        (await Api.PutAsync(Path, (await Api.GetAsync(Path)).Text)).Expect(200);
        Assert.InRange((await DecideAsync()).Propensity, double.Epsilon, 1);
        (await Api.DeleteAsync(Path)).Expect(204);
    }

    [Fact]
    public async Task Put_ThousandSegments_IsAccepted()
    {
        (await Api.PutAsync(Path, Wire.Campaign([2], $"\"segments\":[{Wire.Segments(1_000)}]"))).Expect(201);

        Assert.Equal("seg-1000", (await DecideAsync("\"segment\":\"seg-1000\"")).Segment);
        Assert.Equal(1_001, (await Api.ScoresAsync(Campaign)).Segments.Count);
        (await Api.DeleteAsync(Path)).Expect(204);
    }

    [Theory]
    [InlineData("Spring")]
    [InlineData("spring_1")]
    [InlineData("spring%20shoes")]
    [InlineData("%C3%A9t%C3%A9")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public async Task Put_BadId_NamesIt(string id) =>
        (await Api.PutAsync($"/v1/campaigns/{id}", Wire.Spring)).ExpectFieldError("id");

    [Fact]
    public async Task Put_SeveralErrors_NamesThemAll()
    {
        var answer = await Api.PutAsync(Path, """{"colour":1,"slots":[{"id":"A","modules":[]}],"policy":{"control":2}}""");

        foreach (var field in (string[])["colour", "slots[0].id", "slots[0].modules", "policy.control"])
            answer.ExpectFieldError(field);
    }

    [Fact]
    public async Task Put_BrokenUtf8_IsRefused()
    {
        byte[] body = [.. Encoding.UTF8.GetBytes("""{"name":" """), 0xC3, 0x28, .. Encoding.UTF8.GetBytes("\"," + Wire.Campaign([1])[1..])];

        (await Api.SendAsync(HttpMethod.Put, Path, Api.Body(body))).ExpectProblem(400);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Put_FiftyMegabytes_IsTooLarge(bool stated)
    {
        Assert.Equal(413, await LargeBody.SendAsync(Engine.Url, "PUT", Path, stated));

        (await Api.GetAsync(Path)).ExpectProblem(404);
    }

    private static string With(string member) => Wire.Campaign([2], member);

    private static string Slots(params string[] slots) => Wire.Campaign(slots);

    private static string Headline(params string[] modules) => Wire.Campaign([Wire.Slot("headline", modules)]);

    private static string Match(string rule) => With($$$"""  "segments":[{"id":"a","match":{"age":{{{rule}}}}}]""");
}
