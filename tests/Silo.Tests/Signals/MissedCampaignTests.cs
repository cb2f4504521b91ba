using System.Text;
using Flywheel.Abstractions.Campaigns;
using Flywheel.Decisions;
using Flywheel.Grains.Replicas;
using Flywheel.Silo.Api.Signals;
using Flywheel.Silo.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Flywheel.Silo.Tests.Signals;

/// <summary>Signals that come to a silo whose replica missed what was published: a message between silos may be lost.</summary>
public sealed class MissedCampaignTests(Engine engine) : EngineTest(engine)
{
    private CampaignReplica Replica => Engine.Services.GetRequiredService<CampaignReplica>();

    private MissedCampaigns Missed => Engine.Services.GetRequiredService<MissedCampaigns>();

    public override async ValueTask InitializeAsync() => await PutAsync(Wire.Spring);

    [Fact]
    public async Task Post_DecisionOfACampaignThatWasMissed_IsCounted()
    {
        var decision = await DecideAsync();
        Miss();

        Assert.Equal(1, (await SendAsync(Wire.Signal(decision, "impression"))).Expect(202).Json["accepted"]!.GetValue<int>());
        Miss();
        await SendAllAsync(Wire.Signal(decision, "click"), Wire.Observed(Campaign, "crm-1", "click"));

        var scores = await SettledAsync();
        Assert.Equal((1, 1.0), (scores.Segments.Sum(segment => segment.Impressions), scores.Segments.Sum(segment => segment.Reward)));
    }

    [Fact]
    public async Task Post_ObservedOfACampaignThatWasMissed_IsCounted()
    {
        Miss();

        await SendAllAsync(Wire.Observed(Campaign, "crm-1", "click"));
    }

    [Theory]
    [InlineData("")]
    [InlineData(".gif")]
    public async Task Beacon_DecisionOfACampaignThatWasMissed_IsCounted(string suffix)
    {
        var decision = await DecideAsync();
        Miss();

        (await Api.GetAsync($"/v1/b/click/{decision.DecisionId}{suffix}")).Expect(suffix.Length > 0 ? 200 : 204);
        Accepted++;
    }

    [Fact]
    public async Task Post_ModuleOfADocumentThatWasMissed_IsCounted()
    {
        var before = Replica.Find(Campaign)!.Published;
        await PutAsync(Wire.Spring.Replace("h2", "h9", StringComparison.Ordinal));
        Replica.PutAnswer(new PublishedCampaignMessage(before), Replica.Find(Campaign));

        await SendAllAsync(Wire.Observed(Campaign, "crm-1", "click").Replace("h1", "h9", StringComparison.Ordinal));
    }

    /// <summary>The answer names them by their places, together with those that were rejected at once.</summary>
    [Fact]
    public async Task Post_ManyNamesThatNobodyHas_AreRejectedInOneAnswer()
    {
        var decision = await DecideAsync();
        var invented = Enumerable.Range(0, 5_000).Select(i => Wire.Observed($"{Campaign}-none-{i}", "crm-1", "click"));

        var answer = (await SendAsync(Wire.Array([Wire.Signal("forged", "click"), .. invented, Wire.Signal(decision, "click")]))).Expect(202);

        Assert.Equal(1, answer.Json["accepted"]!.GetValue<int>());
        Assert.Equal(Enumerable.Range(0, 5_001), answer.Json["rejected"]!.AsArray().Select(rejected => rejected!["index"]!.GetValue<int>()));
    }

    [Fact]
    public async Task Take_ForgedDecisionOfACampaignThatWasMissed_AsksNobody()
    {
        var decisionId = (await DecideAsync()).DecisionId;
        Miss();
        var intake = new SignalIntake(Replica, Missed, Engine.Services.GetRequiredService<TokenKeys>(), TimeProvider.System, tenant: null);
        var forged = decisionId[..^4] + (decisionId[^4] == 'A' ? 'B' : 'A') + decisionId[^3..];

        Assert.NotNull(intake.Take(Encoding.UTF8.GetBytes(Wire.Signal(forged, "click"))));
        Assert.Equal((false, 0), (intake.IsUndecided, intake.Missed.Count));

        Assert.NotNull(intake.Take(Encoding.UTF8.GetBytes(Wire.Signal(decisionId, "click"))));
        Assert.Equal((true, 1), (intake.IsUndecided, intake.Missed.Count));
        Assert.True(await intake.LookAsync(Cancel));
        Assert.Null(intake.Take(Encoding.UTF8.GetBytes(Wire.Signal(decisionId, "click"))));
    }

    /// <summary>As if the message of its publication had been lost.</summary>
    private void Miss() => Replica.Remove(Campaign, Replica.Find(Campaign)!.Published.Incarnation);
}
