using System.Text.Json.Nodes;

namespace Flywheel.Silo.Tests.Scores;

public sealed class ScoresTests(Engine engine) : EngineTest(engine)
{
    private const double Rounding = 1e-3;

    private static readonly string[] States = ["learning", "steady", "rising"];

    [Fact]
    public async Task Scores_AfterTraffic_HaveTheShapeOfTheContract()
    {
        await PutAsync(Wire.Spring);
        var decisions = await Api.DecideManyAsync(Campaign, 60);
        await SendAllAsync([.. decisions.Select(decision => Wire.Signal(decision, "impression"))]);
        await SendAllAsync([.. decisions.Take(7).Select(decision => Wire.Signal(decision, "click"))]);
        await SettledAsync(60);

        var answer = (await Api.GetAsync($"{Path}/scores")).Expect(200);

        Assert.Equal("application/json", answer.ContentType);
        var scores = answer.Json;
        Assert.Equal(Campaign, scores["campaign"]!.GetValue<string>());
        Assert.EndsWith("Z", scores["asOf"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(["accepted", "counted", "duplicate", "late", "quarantined"], scores["ledger"]!.AsObject().Select(member => member.Key));
        Assert.Null(scores["simulation"]);
        Assert.Equal(["young-urban", "default"], scores["segments"]!.AsArray().Select(segment => segment!["id"]!.GetValue<string>()));
        foreach (var segment in scores["segments"]!.AsArray())
            AssertSegment(segment!);
        var first = scores["segments"]![1]!;
        Assert.Equal((60, 60, 7), (first["decisions"]!.GetValue<int>(), first["impressions"]!.GetValue<int>(), first["reward"]!.GetValue<int>()));
    }

    [Fact]
    public async Task Scores_BeforeAnyTraffic_ShowThePrior()
    {
        await PutAsync(Wire.Campaign([4]));

        var scores = (await Api.GetAsync($"{Path}/scores")).Expect(200).Json;

        var segment = Assert.Single(scores["segments"]!.AsArray())!;
        AssertSegment(segment);
        Assert.Equal(0, segment["decisions"]!.GetValue<int>());
        Assert.All(segment["slots"]![0]!["modules"]!.AsArray(), module =>
        {
            Assert.Equal("learning", module!["state"]!.GetValue<string>());
            Assert.InRange(module["share"]!.GetValue<double>(), 0.15, 0.35);
            Assert.Equal(100, module["resonance"]!["mean"]!.GetValue<double>(), 0.01);
        });
    }

    [Fact]
    public async Task Scores_AfterAClearWinner_SayWhichOneItIs()
    {
        await PutAsync(Wire.Campaign([2]));

        await LearnAsync(400, decision => decision.Variant["headline"].Module == "h2");

        var modules = (await Api.ScoresAsync(Campaign)).Segments[0].Slots[0].Modules;
        Assert.Equal("rising", modules[1].State);
        Assert.True(modules[1].ProbabilityBest > 0.99 && modules[1].Share > 0.9 && modules[1].Resonance!.Low > 100, $"Expected h2 to win; came {modules[1]}");
        Assert.True(modules[0].Resonance!.High < 100, $"Expected h1 to lose; came {modules[0]}");
    }

    [Fact]
    public async Task Scores_ByChannel_AddEachChannelsOwn()
    {
        await PutAsync(Wire.Campaign([2]));
        string[] channels = ["email", "web", ""];
        var decisions = await Api.DecideManyAsync(Campaign, 90, i => i % 3 == 2 ? "" : $$"""  "context":{"channel":"{{channels[i % 3]}}"}""");
        await SendAllAsync([.. decisions.Take(60).Select(decision => Wire.Signal(decision, "impression"))]);
        await SendAllAsync([.. decisions.Where((_, i) => i is 0 or 3 or 4).Select(decision => Wire.Signal(decision, "click"))]);
        await SettledAsync(90);

        var segment = (await Api.ScoresAsync(Campaign, "?by=channel")).Segments[0];

        Assert.Equal((90, 60, 3.0), (segment.Decisions, segment.Impressions, segment.Reward));
        Assert.Equal([("email", 30L, 20L, 2.0), ("web", 30, 20, 1)], segment.Channels!.Select(channel => (channel.Id, channel.Decisions, channel.Impressions, channel.Reward)));
        foreach (var channel in (await Api.GetAsync($"{Path}/scores?by=channel")).Json["segments"]![0]!["channels"]!.AsArray())
            AssertSegment(channel!);
        Assert.Null((await Api.ScoresAsync(Campaign)).Segments[0].Channels);
    }

    [Fact]
    public async Task Scores_MoreThan16Channels_SumTheRestUpAsOther()
    {
        await PutAsync(Wire.Campaign([2]));
        var decisions = await Api.DecideManyAsync(Campaign, 40, i => $$"""  "context":{"channel":"c{{i % 20}}"}""");
        await SendAllAsync([.. decisions.Select(decision => Wire.Signal(decision, "impression"))]);
        await SettledAsync(40);

        var channels = (await Api.ScoresAsync(Campaign, "?by=channel")).Segments[0].Channels!;

        Assert.Equal(17, channels.Count);
        Assert.Equal((8, 8), channels.Where(channel => channel.Id == "other").Select(channel => (channel.Decisions, channel.Impressions)).Single());
        Assert.All(channels.Where(channel => channel.Id != "other"), channel => Assert.Equal((2, 2), (channel.Decisions, channel.Impressions)));
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("ÉTÉ")]
    [InlineData("other")]
    [InlineData("<script>")]
    public async Task Scores_ChannelThatIsNoId_CountsAsOther(string channel)
    {
        await PutAsync(Wire.Campaign([2]));

        await SendAllAsync(Wire.Signal(await DecideAsync($$"""  "context":{"channel":"{{channel}}"}"""), "impression"));

        await SettledAsync(1);
        var only = Assert.Single((await Api.ScoresAsync(Campaign, "?by=channel")).Segments[0].Channels!);
        Assert.Equal(("other", 1, 1), (only.Id, only.Decisions, only.Impressions));
    }

    [Fact]
    public async Task Scores_Segment_NarrowsToIt()
    {
        await PutAsync(Wire.Spring);

        Assert.Equal(["young-urban"], (await Api.ScoresAsync(Campaign, "?segment=young-urban")).Segments.Select(segment => segment.Id));
        Assert.Equal(["default"], (await Api.ScoresAsync(Campaign, "?segment=default&by=channel")).Segments.Select(segment => segment.Id));
    }

    [Theory]
    [InlineData("?segment=nobody", "segment")]
    [InlineData("?by=colour", "by")]
    public async Task Scores_UnknownQuery_NamesIt(string query, string field)
    {
        await PutAsync(Wire.Spring);

        (await Api.GetAsync($"{Path}/scores{query}")).ExpectFieldError(field);
        (await Api.GetAsync($"{Path}/scores/stream{query}")).ExpectFieldError(field);
    }

    [Fact]
    public async Task Scores_UnknownCampaign_Answers404() => (await Api.GetAsync($"{Path}/scores")).ExpectProblem(404);

    [Fact]
    public async Task Scores_Paused_GoOn()
    {
        await PutAsync(Wire.Campaign([2]));
        await LearnAsync(20, _ => false);
        var before = await Api.ScoresAsync(Campaign);

        await Api.PatchAsync(Path, """{"status":"paused"}""");

        Assert.Equal(before.Segments[0].Impressions, (await Api.ScoresAsync(Campaign)).Segments[0].Impressions);
    }

    private static void AssertSegment(JsonNode segment)
    {
        foreach (var count in (string[])["policyVersion", "decisions", "impressions"])
            Assert.True(segment[count]!.GetValue<long>() >= 0);
        Assert.True(segment["reward"]!.GetValue<double>() >= 0);
        foreach (var slot in segment["slots"]!.AsArray())
        {
            var modules = slot!["modules"]!.AsArray();
            Assert.Equal(1, modules.Sum(module => module!["share"]!.GetValue<double>()), Rounding);
            Assert.Equal(1, modules.Sum(module => module!["probabilityBest"]!.GetValue<double>()), Rounding);
            Assert.All(modules, module =>
            {
                Assert.True(module!["version"]!.GetValue<int>() >= 1);
                Assert.True(module["impressions"]!.GetValue<long>() >= 0);
                Assert.True(module["reward"]!.GetValue<double>() >= 0);
                Assert.Contains(module["state"]!.GetValue<string>(), States);
                AssertInterval(module["rate"]!);
                AssertInterval(module["resonance"]!);
            });
        }
    }

    private static void AssertInterval(JsonNode interval)
    {
        var (low, mean, high) = (interval["low"]!.GetValue<double>(), interval["mean"]!.GetValue<double>(), interval["high"]!.GetValue<double>());
        Assert.True(0 <= low && low <= mean && mean <= high, $"Expected low <= mean <= high; came {interval.ToJsonString()}");
    }
}
