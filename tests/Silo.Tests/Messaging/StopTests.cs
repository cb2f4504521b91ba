namespace Flywheel.Silo.Tests.Messaging;

public sealed class StopTests(Engine engine) : EngineTest(engine)
{
    private string Headline => $"{Path}/slots/headline/modules";

    [Fact]
    public async Task Stop_ModuleInService_IsServedByNoDecisionAfterTheAnswer()
    {
        await PutAsync(Wire.Campaign([3, 2]));
        await LearnAsync("h2");

        var answer = (await Api.PostAsync($"{Headline}/h2/stop", "")).Expect(200).Json;

        Assert.Equal("stopped", answer["state"]!.GetValue<string>());
        Assert.All(await Api.DecideManyAsync(Campaign, 2_000), decision => Assert.NotEqual("h2", decision.Variant["headline"].Module));
        Assert.Equal(["h1", "h3"], (await ScoresAsync()).Segments[0].Slots[0].Modules.Select(module => module.Id).Order());
    }

    [Fact]
    public async Task Stop_ThenPutTheSameDocument_StaysStopped()
    {
        await PutAsync(Wire.Campaign([2]));
        (await Api.PostAsync($"{Headline}/h2/stop", "")).Expect(200);

        await PutAsync(Wire.Campaign([2]));

        Assert.All(await Api.DecideManyAsync(Campaign, 500), decision => Assert.Equal("h1", decision.Variant["headline"].Module));
    }

    [Fact]
    public async Task Resume_StoppedModule_ServesAgainWithItsEvidence()
    {
        await PutAsync(Wire.Campaign([2]));
        await LearnAsync("h2");
        var before = (await ScoresAsync()).Segments[0].Slots[0].Modules.Single(module => module.Id == "h2");
        (await Api.PostAsync($"{Headline}/h2/stop", "")).Expect(200);

        Assert.Equal("serving", (await Api.PostAsync($"{Headline}/h2/resume", "")).Expect(200).Json["state"]!.GetValue<string>());

        var after = (await ScoresAsync()).Segments[0].Slots[0].Modules.Single(module => module.Id == "h2");
        Assert.Equal((before.Impressions, before.Reward, before.Version), (after.Impressions, after.Reward, after.Version));
        Assert.Contains(await Api.DecideManyAsync(Campaign, 500), decision => decision.Variant["headline"].Module == "h2");
    }

    [Fact]
    public async Task Stop_Twice_AnswersTheSame()
    {
        await PutAsync(Wire.Campaign([2]));
        (await Api.PostAsync($"{Headline}/h2/stop", "")).Expect(200);

        (await Api.PostAsync($"{Headline}/h2/stop", "")).Expect(200);
    }

    [Theory]
    [InlineData("headline", "h9", 404, "headline has no module h9")]
    [InlineData("sound", "h1", 404, "there is no slot sound")]
    [InlineData("image", "i1", 409, "i1 is the only module of image")]
    public async Task Stop_WhatCannotBe_SaysWhyAndChangesNothing(string slot, string module, int status, string why)
    {
        await PutAsync(Wire.Campaign([2, 1]));

        var answer = (await Api.PostAsync($"{Path}/slots/{slot}/modules/{module}/stop", "")).Expect(status);

        Assert.StartsWith(why, answer.Json["detail"]!.GetValue<string>());
        Assert.Equal(["h1", "h2"], (await ScoresAsync()).Segments[0].Slots[0].Modules.Select(each => each.Id));
    }

    [Fact]
    public async Task Stop_UnknownCampaign_Is404() => (await Api.PostAsync("/v1/campaigns/nobody/slots/headline/modules/h2/stop", "")).Expect(404);

    [Fact]
    public async Task Put_OfStoppedModulesAlone_IsRefused()
    {
        await PutAsync(Wire.Campaign([2]));
        (await Api.PostAsync($"{Headline}/h2/stop", "")).Expect(200);

        var answer = (await Api.PutAsync(Path, Wire.Campaign([Wire.Slot("headline", Wire.Module("h2", "Text 2"))]))).Expect(422);

        Assert.Contains("all modules of headline in this document are stopped", answer.Text);
    }

    /// <summary>Clicks for one module, until the segment has a policy of its own.</summary>
    private async Task LearnAsync(string module)
    {
        var decisions = await Api.DecideManyAsync(Campaign, 300);
        await SendAllAsync([.. decisions.Select(decision => Wire.Signal(decision, "impression")),
            .. decisions.Where(decision => decision.Variant["headline"].Module == module).Select(decision => Wire.Signal(decision, "click"))]);
        await SettledAsync();
    }

    private Task<ScoreDocument> ScoresAsync() => Api.ScoresAsync(Campaign);
}
