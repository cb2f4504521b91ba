namespace Flywheel.Silo.Tests.Messaging;

public sealed class PinTests(Engine engine) : EngineTest(engine)
{
    private const double Control = 0.2;

    private string Headline => $"{Path}/slots/headline/modules";

    [Fact]
    public async Task Pin_Module_IsServedAloneByWhatIsLearntWithExactPropensities()
    {
        await PutAsync(Wire.Campaign([3], $"\"policy\":{{\"control\":{Control.ToString(System.Globalization.CultureInfo.InvariantCulture)}}}"));
        await LearnAsync(600, decision => decision.Variant["headline"].Module == "h1");

        var pinned = (await Api.PostAsync($"{Headline}/h3/pin", "")).Expect(200).Json;
        Assert.Equal("pinned", pinned["state"]!.GetValue<string>());

        var decisions = await Api.DecideManyAsync(Campaign, 1_000);
        Assert.All(decisions.Where(decision => decision.Reason == "learned"), decision => Assert.Equal("h3", decision.Variant["headline"].Module));
        Assert.All(decisions, decision => Assert.Equal(decision.Variant["headline"].Module == "h3" ? 1 - Control + Control / 3 : Control / 3, decision.Propensity, 1e-9));
        var control = decisions.Where(decision => decision.Reason == "control").ToList();
        Assert.Equal(["h1", "h2", "h3"], control.Select(decision => decision.Variant["headline"].Module).Distinct().Order());
        Assert.Equal(["h3"], await PinnedAsync());
        Assert.Equal("pinned", (await Api.GetAsync($"{Path}/history?kind=pinned")).Expect(200).Json["entries"]![0]!["kind"]!.GetValue<string>());

        (await Api.PostAsync($"{Headline}/h3/unpin", "")).Expect(200);
        Assert.Empty(await PinnedAsync());
        Assert.Contains(await Api.DecideManyAsync(Campaign, 1_000), decision => decision.Reason == "learned" && decision.Variant["headline"].Module == "h1");
    }

    [Fact]
    public async Task Pin_ThenStop_UnpinsAndServesTheOthers()
    {
        await PutAsync(Wire.Campaign([2]));
        (await Api.PostAsync($"{Headline}/h1/pin", "")).Expect(200);

        (await Api.PostAsync($"{Headline}/h1/stop", "")).Expect(200);

        Assert.Empty(await PinnedAsync());
        Assert.All(await Api.DecideManyAsync(Campaign, 100), decision => Assert.Equal("h2", decision.Variant["headline"].Module));
        (await Api.PostAsync($"{Headline}/h1/pin", "")).ExpectProblem(409);
        (await Api.PostAsync($"{Headline}/h1/resume", "")).Expect(200);
    }

    [Theory]
    [InlineData("headline/modules/h9")]
    [InlineData("sound/modules/h1")]
    public async Task Pin_WhatIsNotThere_Is404(string what)
    {
        await PutAsync(Wire.Campaign([2]));

        (await Api.PostAsync($"{Path}/slots/{what}/pin", "")).ExpectProblem(404);
        (await Api.PostAsync($"{Path}/slots/{what}/unpin", "")).ExpectProblem(404);
    }

    /// <summary>Where there are so many segments that policies are carried over and not fitted anew at once.</summary>
    [Fact]
    public async Task Pin_WithManySegments_HoldsAtOnceInAll()
    {
        const int Segments = 40;
        await PutAsync(Wire.Campaign([2], $"\"segments\":[{Wire.Segments(Segments)}],\"policy\":{{\"control\":0}}"));
        await SendAllAsync([.. (await Api.DecideManyAsync(Campaign, Segments * 5, i => $"\"segment\":\"seg-{i % Segments + 1}\"")).Select(decision => Wire.Signal(decision, "impression"))]);
        await SettledAsync();

        (await Api.PostAsync($"{Headline}/h2/pin", "")).Expect(200);

        Assert.All(await Api.DecideManyAsync(Campaign, Segments * 5, i => $"\"segment\":\"seg-{i % Segments + 1}\""), decision => Assert.Equal("h2", decision.Variant["headline"].Module));
    }

    private async Task<IEnumerable<string>> PinnedAsync() => (await Api.GetAsync($"{Path}/modules")).Expect(200).Json["modules"]!.AsArray()
        .Where(module => module!["pinned"]!.GetValue<bool>()).Select(module => module!["id"]!.GetValue<string>());
}
