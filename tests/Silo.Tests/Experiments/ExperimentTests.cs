namespace Flywheel.Silo.Tests.Experiments;

public sealed class ExperimentTests(Engine engine) : EngineTest(engine)
{
    private static readonly string[] Members = ["learned", "control", "lift", "sampleRatio", "verdict", "sentence"];

    [Fact]
    public async Task Experiment_BeforeAnyTraffic_HasTheShapeOfTheContractAndNoLift()
    {
        await PutAsync(Wire.Spring);

        var experiment = (await Api.GetAsync($"{Path}/experiment")).Expect(200).Json;

        Assert.Equal(Campaign, experiment["campaign"]!.GetValue<string>());
        Assert.Equal(Members, experiment["overall"]!.AsObject().Select(member => member.Key));
        Assert.Equal(["young-urban", "default"], experiment["segments"]!.AsArray().Select(segment => segment!["id"]!.GetValue<string>()));
        Assert.All(experiment["segments"]!.AsArray(), segment => Assert.Equal(["id", .. Members], segment!.AsObject().Select(member => member.Key)));
        Assert.Null(experiment["overall"]!["lift"]);
        Assert.Equal("learning", experiment["overall"]!["verdict"]!.GetValue<string>());
        Assert.True(experiment["overall"]!["sampleRatio"]!["healthy"]!.GetValue<bool>());
    }

    [Fact]
    public async Task Experiment_AfterTraffic_ReadsTheGroupsApart()
    {
        await PutAsync(Wire.Campaign([2], "\"policy\":{\"control\":0.5}"));
        var decisions = await Api.DecideManyAsync(Campaign, 400);
        await SendAllAsync([.. decisions.Select(decision => Wire.Signal(decision, "impression"))]);
        await SendAllAsync([.. decisions.Take(40).Select(decision => Wire.Signal(decision, "click"))]);
        await SettledAsync(400);

        var overall = (await Api.GetAsync($"{Path}/experiment")).Expect(200).Json["overall"]!;

        var (learned, control) = (overall["learned"]!, overall["control"]!);
        Assert.Equal(400, learned["decisions"]!.GetValue<int>() + control["decisions"]!.GetValue<int>());
        Assert.Equal(400, learned["impressions"]!.GetValue<int>() + control["impressions"]!.GetValue<int>());
        Assert.Equal(40, learned["reward"]!.GetValue<double>() + control["reward"]!.GetValue<double>());
        Assert.Equal(control["reward"]!.GetValue<double>() / control["impressions"]!.GetValue<int>(), control["rate"]!.GetValue<double>(), 1e-6);
        Assert.InRange(overall["lift"]!["mean"]!.GetValue<double>(), overall["lift"]!["low"]!.GetValue<double>(), overall["lift"]!["high"]!.GetValue<double>());
        Assert.True(overall["sampleRatio"]!["healthy"]!.GetValue<bool>());
        Assert.Equal("learning", overall["verdict"]!.GetValue<string>());
    }

    /// <summary>Impressions of one group that do not come back look like a lift, and are none.</summary>
    [Fact]
    public async Task Experiment_ImpressionsOfOneGroupLost_IsUnhealthy()
    {
        await PutAsync(Wire.Campaign([2], "\"policy\":{\"control\":0.5}"));
        var decisions = await Api.DecideManyAsync(Campaign, 600);
        var seen = decisions.Where((decision, i) => decision.Reason != "control" || i % 3 == 0).ToArray();
        await SendAllAsync([.. seen.Select(decision => Wire.Signal(decision, "impression"))]);
        await SettledAsync(600);

        var overall = (await Api.GetAsync($"{Path}/experiment")).Expect(200).Json["overall"]!;

        Assert.False(overall["sampleRatio"]!["healthy"]!.GetValue<bool>());
        Assert.InRange(overall["sampleRatio"]!["pValue"]!.GetValue<double>(), 0, 0.001);
        Assert.Equal("unhealthy", overall["verdict"]!.GetValue<string>());
        Assert.Contains("should not be trusted", overall["sentence"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Experiment_NothingIsRewarded_IsReadAllTheSame()
    {
        await PutAsync(Wire.Campaign([2], "\"rewards\":{\"click\":0}"));
        var decisions = await Api.DecideManyAsync(Campaign, 50);
        await SendAllAsync([.. decisions.Select(decision => Wire.Signal(decision, "impression"))]);
        await SettledAsync(50);

        Assert.Null((await Api.GetAsync($"{Path}/experiment")).Expect(200).Json["overall"]!["lift"]);
        (await Api.GetAsync($"{Path}/scores")).Expect(200);
    }

    [Fact]
    public async Task Experiment_InFrench_SaysItInFrench()
    {
        await PutAsync(Wire.Spring);

        var sentence = (await Api.GetAsync($"{Path}/experiment?language=fr")).Expect(200).Json["overall"]!["sentence"]!.GetValue<string>();

        Assert.StartsWith("Il n’y a encore rien à comparer", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Experiment_UnknownLanguageOrCampaign_SaysSo()
    {
        await PutAsync(Wire.Spring);

        (await Api.GetAsync($"{Path}/experiment?language=de")).Expect(400);
        (await Api.GetAsync("/v1/campaigns/nobody/experiment")).Expect(404);
    }
}
