using Flywheel.Client;

namespace Flywheel.Silo.Tests.Campaigns;

/// <summary>What a replacement keeps.</summary>
public sealed class CampaignVersionTests(Engine engine) : EngineTest(engine)
{
    private const int Decisions = 200;

    private static readonly string Original = Headlines(("h1", "Run lighter"), ("h2", "What your knees wish you knew"));
    private static readonly string Changed = Headlines(("h1", "Run lighter"), ("h2", "Your knees will thank you"));

    [Fact]
    public async Task Put_ChangedContent_KeepsTheRestAndStartsAnew()
    {
        var (h1, h2) = await LearntAsync();

        await PutAsync(Changed);

        var modules = (await SettledAsync(Decisions)).Segments[0].Slots[0].Modules;
        Assert.Equal((1, h1.Impressions, h1.Reward), (modules[0].Version, modules[0].Impressions, modules[0].Reward));
        Assert.Equal((2, 0, 0.0), (modules[1].Version, modules[1].Impressions, modules[1].Reward));
        Assert.NotEqual(0, h2.Impressions);
        Assert.Contains((await Api.DecideManyAsync(Campaign, 50)).Select(decision => decision.Variant["headline"]), served => served is { Module: "h2", Version: 2 });
    }

    [Fact]
    public async Task Put_OldContentReturns_BringsItsVersionAndEvidenceBack()
    {
        var (h1, h2) = await LearntAsync();
        await PutAsync(Changed);

        await PutAsync(Original);

        var modules = (await SettledAsync(Decisions)).Segments[0].Slots[0].Modules;
        Assert.Equal((1, h1.Impressions, h1.Reward), (modules[0].Version, modules[0].Impressions, modules[0].Reward));
        Assert.Equal((1, h2.Impressions, h2.Reward), (modules[1].Version, modules[1].Impressions, modules[1].Reward));
    }

    [Fact]
    public async Task Put_ThirdContent_GetsTheNextVersion()
    {
        await PutAsync(Original);
        await PutAsync(Changed);
        await PutAsync(Original);

        await PutAsync(Headlines(("h1", "Run lighter"), ("h2", "Something else")));

        Assert.Equal(3, (await Api.ScoresAsync(Campaign)).Segments[0].Slots[0].Modules[1].Version);
    }

    [Fact]
    public async Task Put_SameContentWrittenOtherwise_IsNoNewVersion()
    {
        await PutAsync("""{"slots":[{"id":"headline","modules":[{"id":"h1","content":{"text":"Run lighter","n":1}}]}]}""");

        await PutAsync("""{"slots":[{"id":"headline","modules":[{"content":{ "n" : 1, "text" : "Run lighter" },"id":"h1","attributes":{"angle":"new"}}]}]}""");

        Assert.Equal(1, (await Api.ScoresAsync(Campaign)).Segments[0].Slots[0].Modules[0].Version);
    }

    [Fact]
    public async Task Put_ModuleAdded_KeepsTheOthersEvidence()
    {
        var (h1, h2) = await LearntAsync();

        await PutAsync(Headlines(("h0", "New"), ("h1", "Run lighter"), ("h2", "What your knees wish you knew")));

        var modules = (await SettledAsync(Decisions)).Segments[0].Slots[0].Modules;
        Assert.Equal([0, h1.Impressions, h2.Impressions], modules.Select(module => module.Impressions));
        Assert.Equal([0, h1.Reward, h2.Reward], modules.Select(module => module.Reward));
    }

    [Fact]
    public async Task Put_SegmentGoesAndReturns_KeepsItsEvidence()
    {
        const string Segments = ",\"segments\":[{\"id\":\"vip\"}]}";
        var with = Original[..^1] + Segments;
        await PutAsync(with);
        var decision = await DecideAsync("\"segment\":\"vip\"");
        await SendAllAsync(Wire.Signal(decision, "impression"), Wire.Signal(decision, "click"));
        await SettledAsync(1);

        await PutAsync(Original);
        await PutAsync(with);

        var vip = await Eventually.ReadsAsync(
            async () => (await Api.ScoresAsync(Campaign, "?segment=vip")).Segments[0], segment => segment.Impressions == 1, "the impression of the segment that came back");
        Assert.Equal((1, 1, 1.0), (vip.Decisions, vip.Impressions, vip.Reward));
    }

    [Fact]
    public async Task Put_ChangedContent_GoesOnCountingDecisions()
    {
        await LearntAsync();

        await PutAsync(Changed);
        await Api.DecideManyAsync(Campaign, 50);

        await SettledAsync(Decisions + 50);
    }

    [Fact]
    public async Task Put_ChangedContent_CountsDecisionsMadeJustBefore()
    {
        await PutAsync(Original);
        await Api.DecideManyAsync(Campaign, 50);

        await PutAsync(Changed);

        await SettledAsync(50);
    }

    [Fact]
    public async Task Put_ChangedContent_CountsSignalsOfOldDecisionsForTheOldVersion()
    {
        await PutAsync(Headlines(("h1", "Old")));
        var old = await DecideAsync();
        await PutAsync(Headlines(("h1", "New")));

        await SendAllAsync(Wire.Signal(old, "impression"), Wire.Signal(old, "click"));

        var segment = (await SettledAsync()).Segments[0];
        Assert.Equal((1, 1.0), (segment.Impressions, segment.Reward));
        Assert.Equal((2, 0, 0.0), (segment.Slots[0].Modules[0].Version, segment.Slots[0].Modules[0].Impressions, segment.Slots[0].Modules[0].Reward));
    }

    [Fact]
    public async Task Put_RewardsChanged_CountsFromThenOn()
    {
        await PutAsync(Wire.Campaign([1], "\"rewards\":{\"click\":1}"));
        var decisions = await Api.DecideManyAsync(Campaign, 2);
        await SendAllAsync(Wire.Signal(decisions[0], "click"));

        await PutAsync(Wire.Campaign([1], "\"rewards\":{\"click\":3}"));
        await SendAllAsync(Wire.Signal(decisions[1], "click"));

        Assert.Equal(4, (await SettledAsync()).Segments[0].Reward);
    }

    [Fact]
    public async Task Put_AgainAndAgainUnderLoad_CountsEverything()
    {
        const int Requests = 60;
        await PutAsync(Original);
        var loading = Task.WhenAll(Enumerable.Range(0, 3).Select(async _ =>
        {
            for (var i = 0; i < Requests / 3; i++)
            {
                var decisions = await Api.DecideManyAsync(Campaign, 20);
                (await Api.PostAsync("/v1/signals", Wire.Array(decisions.Select(decision => Wire.Signal(decision, "impression"))))).Expect(202);
            }
        }));

        for (var i = 0; !loading.IsCompleted; i++)
            await PutAsync(i % 2 == 0 ? Changed : Original);
        await loading;

        Accepted += Requests * 20;
        var segment = (await SettledAsync(Requests * 20)).Segments[0];
        Assert.Equal((Requests * 20, Requests * 20), (segment.Decisions, segment.Impressions));
    }

    private static string Headlines(params (string Id, string Text)[] modules) =>
        Wire.Campaign([Wire.Slot("headline", modules.Select(module => Wire.Module(module.Id, module.Text)))], "\"policy\":{\"control\":0.5}");

    private async Task<(ModuleScores H1, ModuleScores H2)> LearntAsync()
    {
        await PutAsync(Original);
        await LearnAsync(Decisions, decision => decision.Variant["headline"].Module == "h1");
        var modules = (await Api.ScoresAsync(Campaign)).Segments[0].Slots[0].Modules;
        return (modules[0], modules[1]);
    }
}
