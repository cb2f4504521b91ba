using System.Text;

namespace Flywheel.Silo.Tests.Signals;

/// <summary>How signals may come: one, an array, or one a line, under any content type, in pieces of any size.</summary>
public sealed class SignalFormTests(Engine engine) : EngineTest(engine)
{
    private const string Form = "application/x-www-form-urlencoded";

    public override async ValueTask InitializeAsync() => await PutAsync(Wire.Spring);

    [Theory]
    [InlineData(null)]
    [InlineData(Form)]
    [InlineData("application/json")]
    [InlineData("application/json; charset=utf-8")]
    [InlineData(Api.Lines)]
    public async Task Post_OneObject_IsCounted(string? contentType)
    {
        var answer = (await SendAsync(Wire.Signal(await DecideAsync(), "impression"), contentType)).Expect(202);

        Assert.Equal("""{"accepted":1,"rejected":[]}""", answer.Text);
        Assert.Equal("application/json", answer.ContentType);
        await AssertCountedAsync(impressions: 1, reward: 0);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(Form)]
    [InlineData("application/json")]
    public async Task Post_TheThreeFormsOfTheContract_AreCounted(string? contentType)
    {
        var decision = await DecideAsync();
        var now = TimeProvider.System.GetUtcNow();

        var answer = await SendAsync(
            $$"""
            [ { "decisionId": "{{decision.DecisionId}}", "type": "impression" },
              { "decisionId": "{{decision.DecisionId}}", "type": "conversion", "id": "order-77", "value": 49.9, "time": "{{now:O}}" },
              { "id": "crm-1", "campaign": "{{Campaign}}", "segment": "default", "modules": { "headline": "h2" }, "type": "click", "count": 12, "channel": "earned" } ]
            """, contentType);

        Assert.Equal("""{"accepted":3,"rejected":[]}""", answer.Expect(202).Text);
        var scores = await AssertCountedAsync(impressions: 1, reward: 5);
        Assert.Equal(12, scores.Segments[1].Slots[0].Modules[1].Observed?.Reward);
    }

    [Theory]
    [InlineData(Api.Lines)]
    [InlineData("application/x-ndjson; charset=utf-8")]
    [InlineData("application/jsonl")]
    public async Task Post_Lines_AreCounted(string contentType)
    {
        var decisions = await Api.DecideManyAsync(Campaign, 100);

        var answer = await SendAsync(Wire.Lines(decisions.Select(decision => Wire.Signal(decision, "impression"))), contentType);

        Assert.Equal("""{"accepted":100,"rejected":[]}""", answer.Expect(202).Text);
        await AssertCountedAsync(impressions: 100, reward: 0);
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\n\n")]
    [InlineData("\r\n \t\r\n\n")]
    public async Task Post_LinesHoweverTheyEnd_AreCounted(string end)
    {
        var signals = (await Api.DecideManyAsync(Campaign, 3)).Select(decision => Wire.Signal(decision, "impression"));

        var answer = await SendAsync(end + string.Join(end, signals), Api.Lines);

        Assert.Equal("""{"accepted":3,"rejected":[]}""", answer.Expect(202).Text);
        await AssertCountedAsync(impressions: 3, reward: 0);
    }

    [Theory]
    [InlineData("this is no JSON")]
    [InlineData("{\"type\":\"impression\",")]
    [InlineData("{\"decisionId\":\"a\",\"type\":\"impression\",\"value\":NaN}")]
    [InlineData("{\"type\":\"impression\"} {\"type\":\"impression\"}")]
    [InlineData("[]")]
    [InlineData("5")]
    [InlineData("null")]
    [InlineData("{\"decisionId\":\"\\ud800\",\"type\":\"impression\"}")]
    public async Task Post_ABadLine_LeavesTheOthers(string line)
    {
        var decision = await DecideAsync();

        var answer = await SendAsync(Wire.Lines(Wire.Signal(decision, "impression"), line, Wire.Signal(decision, "click")), Api.Lines);

        Assert.Equal(2, answer.Expect(202).Json["accepted"]!.GetValue<int>());
        var rejected = Assert.Single(answer.Json["rejected"]!.AsArray())!;
        Assert.Equal(1, rejected["index"]!.GetValue<int>());
        Assert.NotEmpty(rejected["error"]!.GetValue<string>());
        await AssertCountedAsync(impressions: 1, reward: 1);
    }

    [Theory]
    [InlineData(Api.Lines, 1)]
    [InlineData(Api.Lines, 77)]
    [InlineData("application/json", 1)]
    [InlineData("application/json", 77)]
    public async Task Post_InSmallPieces_IsCounted(string contentType, int bytes)
    {
        var signals = (await Api.DecideManyAsync(Campaign, 10)).Select(decision => Wire.Signal(decision, "impression")).ToList();
        var body = contentType == Api.Lines ? Wire.Lines(signals) : "\n " + Wire.Array(signals);

        var answer = await SendAsync(new PiecewiseContent(Encoding.UTF8.GetBytes(body), bytes, contentType));

        Assert.Equal("""{"accepted":10,"rejected":[]}""", answer.Expect(202).Text);
        await AssertCountedAsync(impressions: 10, reward: 0);
    }

    [Fact]
    public async Task Post_UnknownMembers_ArePassedOver()
    {
        var decision = await DecideAsync();

        await SendAllAsync($$$"""{"decisionId":"{{{decision.DecisionId}}}","more":{"type":"click","list":[{}]},"type":"impression","value":null,"id":null}""");

        await AssertCountedAsync(impressions: 1, reward: 0);
    }

    [Theory]
    [InlineData("[]", "application/json")]
    [InlineData("", Api.Lines)]
    [InlineData("\n\n", Api.Lines)]
    public async Task Post_NoSignals_AcceptsNone(string body, string contentType) =>
        Assert.Equal("""{"accepted":0,"rejected":[]}""", (await SendAsync(body, contentType)).Expect(202).Text);

    [Fact]
    public async Task Post_ArrayWithOtherValues_RejectsThoseAlone()
    {
        var decision = await DecideAsync();

        var answer = await SendAsync(Wire.Array("5", "null", "[[1],[]]", Wire.Signal(decision, "impression"), "\"x\"", "{}"));

        Assert.Equal(1, answer.Expect(202).Json["accepted"]!.GetValue<int>());
        Assert.Equal([0, 1, 2, 4, 5], answer.Json["rejected"]!.AsArray().Select(rejected => rejected!["index"]!.GetValue<int>()));
        await AssertCountedAsync(impressions: 1, reward: 0);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  \n")]
    [InlineData("not JSON")]
    [InlineData("[{0}")]
    [InlineData("[{0},")]
    [InlineData("[{0},]")]
    [InlineData("[{0}{0}]")]
    [InlineData("[{0}] {0}")]
    [InlineData("[{0}]]")]
    [InlineData("{0} {0}")]
    [InlineData("[{0},NaN]")]
    [InlineData("[{0},{{\"type\":\"click\",\"value\":NaN}}]")]
    [InlineData("[{0},{{\"type\":\"click\",\"type\"}}]")]
    public async Task Post_MalformedBody_IsRefusedAsAWhole(string body)
    {
        var signal = Wire.Signal(await DecideAsync(), "impression");

        (await SendAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, body, signal))).ExpectProblem(400);

        await AssertCountedAsync(impressions: 0, reward: 0);
    }

    [Theory]
    [InlineData(Api.Lines)]
    [InlineData("application/json")]
    public async Task Post_TenThousand_AreAllTaken(string contentType)
    {
        var decision = await DecideAsync();
        var signals = Enumerable.Range(0, 10_000).Select(i => Wire.Signal(decision, "impression", $"{i}"));

        var answer = await SendAsync(contentType == Api.Lines ? Wire.Lines(signals) : Wire.Array(signals), contentType);

        Assert.Equal("""{"accepted":10000,"rejected":[]}""", answer.Expect(202).Text);
        await AssertCountedAsync(impressions: 10_000, reward: 0);
    }

    [Theory]
    [InlineData(Api.Lines)]
    [InlineData("application/json")]
    public async Task Post_TenThousandAndOne_AreRefusedAndNoneIsCounted(string contentType)
    {
        var signals = Enumerable.Repeat(Wire.Signal(await DecideAsync(), "impression"), 10_001);

        (await SendAsync(contentType == Api.Lines ? Wire.Lines(signals) : Wire.Array(signals), contentType)).ExpectProblem(413);

        await AssertCountedAsync(impressions: 0, reward: 0);
    }

    [Theory]
    [InlineData(true, Api.Lines)]
    [InlineData(true, "application/json")]
    [InlineData(false, Api.Lines)]
    [InlineData(false, "application/json")]
    public async Task Post_FiftyMegabytes_AreTooLargeAndNoneIsCounted(bool stated, string contentType)
    {
        var signal = Wire.Signal(await DecideAsync(), "impression");
        var piece = contentType == Api.Lines ? signal + "\n" : "[" + string.Join(',', Enumerable.Repeat(signal, 200)) + ",";

        var status = await LargeBody.SendAsync(Engine.Url, "POST", "/v1/signals", stated, piece, contentType);

        Assert.Contains(status, contentType == Api.Lines || stated ? [413] : new[] { 400, 413 });
        await AssertCountedAsync(impressions: 0, reward: 0);
    }

    [Theory]
    [InlineData(Api.Lines)]
    [InlineData("application/json")]
    public async Task Post_FiftyMegabytesWithoutAnEnd_AreRefused(string contentType) =>
        Assert.Contains(await LargeBody.SendAsync(Engine.Url, "POST", "/v1/signals", stated: false, "{\"type\":\"xxxxxxxx", contentType), new[] { 400, 413 });

    [Fact]
    public async Task Get_Beacon_CountsOnce()
    {
        var decision = await DecideAsync();

        Assert.Empty((await BeaconAsync($"impression/{decision.DecisionId}")).Expect(204).Bytes);
        var image = (await BeaconAsync($"impression/{decision.DecisionId}.gif")).Expect(200);

        Assert.Equal("image/gif", image.ContentType);
        Assert.Equal("GIF89a", Encoding.ASCII.GetString(image.Bytes, 0, 6));
        Assert.Equal((1, 1), (image.Bytes[6], image.Bytes[8]));
        Assert.True(image.Headers.CacheControl?.NoStore);
        Assert.Equal(1, (await AssertCountedAsync(impressions: 1, reward: 0)).Ledger.Duplicate);
    }

    [Theory]
    [InlineData("impression", "nonsense")]
    [InlineData("impression", "nonsense.gif")]
    [InlineData("big%20click", "{0}")]
    [InlineData("%ED%A0%80", "{0}")]
    public async Task Get_BeaconThatIsWrong_IsRefused(string type, string decisionId)
    {
        var id = string.Format(System.Globalization.CultureInfo.InvariantCulture, decisionId, (await DecideAsync()).DecisionId);

        (await BeaconAsync($"{type}/{id}")).ExpectProblem(400);

        await AssertCountedAsync(impressions: 0, reward: 0);
    }

    private async Task<Answer> BeaconAsync(string rest)
    {
        var answer = await Api.GetAsync($"/v1/b/{rest}");
        if (answer.Status is 200 or 204)
            Accepted++;
        return answer;
    }

    private async Task<ScoreDocument> AssertCountedAsync(long impressions, double reward)
    {
        var scores = await SettledAsync();
        Assert.Equal((impressions, reward), (scores.Segments.Sum(segment => segment.Impressions), scores.Segments.Sum(segment => segment.Reward)));
        return scores;
    }
}
