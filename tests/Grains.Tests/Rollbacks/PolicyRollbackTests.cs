using System.Text.Json;
using Flywheel.Abstractions.Campaigns;
using Flywheel.Decisions;
using Flywheel.Domain.Campaigns;
using Flywheel.Domain.Governance.Proposals;
using Flywheel.Domain.Learning;
using Flywheel.Grains.Replicas;
using Flywheel.Signals;

namespace Flywheel.Grains.Tests.Rollbacks;

/// <summary>Forged clicks make the worse headline lead; a rollback takes every silo back to what was learnt before, and nothing else.</summary>
public sealed class PolicyRollbackTests : IAsyncLifetime
{
    private const string Spring = "spring";

    private static readonly TimeSpan Honest = TimeSpan.FromMinutes(50);
    private static readonly TimeSpan Forged = TimeSpan.FromMinutes(20);
    private static readonly TimeSpan Between = TimeSpan.FromMinutes(30);

    private TestEngine _engine = null!;
    private PublishedCampaign _published = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _engine = await TestEngine.StartAsync(silos: 2);
        _published = (await _engine.PublishAsync(Spring, Documents.Spring())).Current!.Published;
    }

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    [Fact]
    public async Task RollBack_AfterForgedClicks_ServesTheEarlierPolicyOnAllSilosOnceItReturns()
    {
        var honest = await LearnAsync();
        var forged = await ForgeAsync();
        Assert.True(ShareOf("h1", honest) > 0.8, $"the better headline leads: {ShareOf("h1", honest)}");
        Assert.True(ShareOf("h2", forged) > 0.8, "forged clicks make the worse one lead");

        var outcome = await RollBackAsync(Between);

        Assert.Equal((null, true, 0), (outcome.Refused, outcome.IsServed, outcome.Without.Length));
        Assert.Equal((Ids.DefaultSegment, honest.Counts.Randomised.Impressions, honest.Counts.Randomised.RewardMicros), outcome.Segments.Select(each => (each.Segment, each.Impressions, each.RewardMicros)).Single());
        foreach (var served in ((int[])[0, 1]).Select(silo => _engine.Replica(silo).Find(Spring)!.Default.Served!))
        {
            AssertAsBefore(honest, served);
            Assert.True(served.Fit.Policy.Version > forged.Fit.Policy.Version, "a client that holds the policy takes the earlier one for a newer");
            Assert.Equal(forged.Counts.Ledger, served.Counts.Ledger);
            Assert.Equal(forged.Counts.SumModules(), served.Counts.SumModules());
        }
        var entry = (await _engine.Messaging(Spring).ReadHistoryAsync(long.MaxValue, 10, Cancel))!.Entries[0];
        Assert.Equal((HistoryKind.PolicyRolledBack, "person", outcome.AtMs), (entry.Kind, entry.Actor, entry.At.ToUnixTimeMilliseconds()));
        Assert.Contains("by ops: 1 segment back to the checkpoint of", entry.Comment, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RollBack_ThenMoreSignals_LearnsOnFromThere()
    {
        await LearnAsync();
        await ForgeAsync();
        await RollBackAsync(Between);

        // Honest signals that the other headline is the better one now, and what comes late of the time that was taken back.
        await SendAsync("h2", from: 30_000, impressions: 6_000, clicks: 1_200, TimeSpan.FromMinutes(-1));
        await SendAsync("h1", from: 50_000, impressions: 500, clicks: 500, Forged);

        var counts = (await _engine.CountedAsync(_published))!;
        Assert.Equal((500, 500 * Rewards.Micro), (counts.LeftOut!.Impressions - 3_000, counts.LeftOut.RewardMicros - 2_000 * Rewards.Micro));
        Assert.True(ShareOf("h2", await _engine.ServedAsync(Spring, served => served.Counts.Version == counts.Version)) > 0.8, "it goes on learning");
    }

    [Fact]
    public async Task RollBack_ThenARestart_IsStillRolledBack()
    {
        var honest = await LearnAsync();
        await ForgeAsync();
        var outcome = await RollBackAsync(Between);

        _engine = await _engine.RestartAsync();

        foreach (var silo in (int[])[0, 1])
            _engine.Replica(silo).Put((await _engine.Campaign(Spring).DescribeAsync(Cancel))!);
        var served = (await _engine.Segment(Spring).DescribeAsync(0, 0, Cancel))!;
        Assert.Equal(Text(honest.Counts), Text(served.Counts));
        Assert.Equal(1, served.Counts.LeftOut!.Rollbacks);
        // And what it took back is still there to go back to.
        await _engine.Campaign(Spring).RollBackAsync(new RollbackMessage(outcome.AtMs - 1, null, "undone"), Cancel);
        Assert.Equal(2_000 * Rewards.Micro, (await _engine.CountedAsync(_published))!.Learnt.RewardMicros - honest.Counts.Learnt.RewardMicros);
    }

    [Fact]
    public async Task RollBack_ToTheMomentBeforeARollback_UndoesIt()
    {
        await LearnAsync();
        var forged = await ForgeAsync();
        var outcome = await RollBackAsync(Between);

        var undone = (await _engine.Campaign(Spring).RollBackAsync(new RollbackMessage(outcome.AtMs - 1, null, "undone"), Cancel))!;

        Assert.True(undone.AtMs > outcome.AtMs);
        AssertAsBefore(forged, _engine.Replica().Find(Spring)!.Default.Served!);
    }

    [Fact]
    public async Task RollBack_ASecondTime_GoesToItsOwnMoment()
    {
        var honest = await LearnAsync();
        await ForgeAsync();
        await RollBackAsync(Between);
        await SendAsync("h2", from: 30_000, impressions: 2_000, clicks: 2_000, TimeSpan.FromMinutes(-1));

        var second = await RollBackAsync(Between);

        Assert.Equal(2, second.Segments.Length + (int)(await _engine.CountedAsync(_published))!.LeftOut!.Rollbacks - 1);
        AssertAsBefore(honest, _engine.Replica().Find(Spring)!.Default.Served!);
    }

    [Fact]
    public async Task RollBack_WithAnotherDocumentInBetween_GoesBackUnderTheDocumentInForce()
    {
        var honest = await LearnAsync();
        await ForgeAsync();
        var changed = (await _engine.PublishAsync(Spring, Documents.Spring().Replace("""{ "id": "i1" }""", """{ "id": "i1" }, { "id": "i2" }""", StringComparison.Ordinal))).Current!.Published;

        await RollBackAsync(Between);

        var served = _engine.Replica().Find(Spring)!.Default.Served!;
        Assert.Equal(Text(honest.Counts), Text(served.Counts));
        Assert.Equal(2, served.Fit.Modules[1].Length);
        Assert.True(ShareOf("h1", served) > 0.8, "the better headline leads again");
        Assert.True(_engine.Replica().Find(Spring)!.Published.Revision > changed.Revision);
        // A document that is put later does not bring back what was taken back.
        await _engine.PublishAsync(Spring, Documents.Spring());
        Assert.True(ShareOf("h1", _engine.Replica().Find(Spring)!.Default.Served!) > 0.8);
        Assert.Equal(1, (await _engine.CountedAsync(_published))!.LeftOut!.Rollbacks);
    }

    [Fact]
    public async Task RollBack_OfOneSegment_LeavesTheOthers()
    {
        await LearnAsync();
        await ForgeAsync();
        await SendAsync("h1", 0, 100, 10, Honest, "young");
        var young = await _engine.ServedAsync(Spring, served => served.Counts.Ledger.Counted == 110, "young");

        var outcome = (await _engine.Campaign(Spring).RollBackAsync(new RollbackMessage(MsOf(Between), Ids.DefaultSegment, "asked"), Cancel))!;

        Assert.Equal(Ids.DefaultSegment, Assert.Single(outcome.Segments).Segment);
        Assert.Null((await _engine.CountedAsync(_published, "young"))!.LeftOut);
        Assert.Equal(Text(young.Counts), Text(_engine.Replica().Find(Spring)!.Segment("young")!.Served!.Counts));
    }

    [Fact]
    public async Task RollBack_ToBeforeAllCheckpoints_IsRefusedWithThoseThatThereAreAndChangesNothing()
    {
        await LearnAsync();
        await ForgeAsync();
        var served = _engine.Replica().Find(Spring)!;

        var outcome = (await _engine.Campaign(Spring).RollBackAsync(new RollbackMessage(1, null, "asked"), Cancel))!;

        Assert.Contains("or a later one; the oldest are of 20", outcome.Refused, StringComparison.Ordinal);
        Assert.Empty(outcome.Segments);
        Assert.Same(served, _engine.Replica().Find(Spring));
        Assert.Equal(HistoryKind.Created, (await _engine.Messaging(Spring).ReadHistoryAsync(long.MaxValue, 10, Cancel))!.Entries[0].Kind);
    }

    [Fact]
    public async Task RollBack_NothingLearntOrNoSuchCampaign_SaysSo()
    {
        Assert.Contains("nothing has been learnt yet", (await RollBackAsync(Between)).Refused, StringComparison.Ordinal);
        Assert.Null(await _engine.Campaign("nobody").RollBackAsync(new RollbackMessage(1, null, "asked"), Cancel));
    }

    [Fact]
    public async Task RollBack_StoreIsAway_FailsAndChangesNothing()
    {
        await LearnAsync();
        var forged = await ForgeAsync();
        _engine.Store.FailAppends(20);

        await Assert.ThrowsAsync<StoreUnavailableException>(() => RollBackAsync(Between));

        _engine.Store.FailAppends(0);
        Assert.Null((await _engine.CountedAsync(_published))!.LeftOut);
        Assert.Equal(forged.Counts.Version, _engine.Replica().Find(Spring)!.Default.Served!.Counts.Version);
        Assert.Equal(HistoryKind.Created, (await _engine.Messaging(Spring).ReadHistoryAsync(long.MaxValue, 10, Cancel))!.Entries[0].Kind);
    }

    private static long MsOf(TimeSpan ago) => (TimeProvider.System.GetUtcNow() - ago).ToUnixTimeMilliseconds();

    private static string Text(SegmentCounts counts) => JsonSerializer.Serialize(counts.Evidence);

    /// <summary>The same evidence gives the same policy to the last entry: a segment of its own, under the same document.</summary>
    private static void AssertAsBefore(ServedSegment before, ServedSegment now)
    {
        Assert.Equal(Text(before.Counts), Text(now.Counts));
        Assert.Equal(before.Fit.Policy.Draws(), now.Fit.Policy.Draws());
        Assert.Equal(before.Counts.Learnt with { Decisions = 0 }, now.Counts.Learnt with { Decisions = 0 });
    }

    private static double ShareOf(string headline, ServedSegment served) => served.Fit.Policy.SharesOf(0)[headline == "h1" ? 0 : 1];

    private async Task<RollbackOutcomeMessage> RollBackAsync(TimeSpan ago) =>
        (await _engine.Campaign(Spring).RollBackAsync(new RollbackMessage(MsOf(ago), null, "asked for by ops"), Cancel))!;

    /// <summary>h1 earns 6 %, h2 3 %, side by side.</summary>
    private async Task<ServedSegment> LearnAsync()
    {
        for (var part = 0; part < 30; part++)
        {
            await SendAsync("h1", part * 100, 100, 6, Honest);
            await SendAsync("h2", 10_000 + part * 100, 100, 3, Honest);
        }
        return await FittedAsync();
    }

    /// <summary>Two of three impressions of h2 earn.</summary>
    private async Task<ServedSegment> ForgeAsync()
    {
        await SendAsync("h2", 20_000, 3_000, 2_000, Forged);
        return await FittedAsync();
    }

    private async Task SendAsync(string module, int from, int impressions, int clicks, TimeSpan ago, string segment = Ids.DefaultSegment)
    {
        var batch = new SignalBatch(_published, from, impressions) { Module = module, Ago = ago, Segment = segment };
        await batch.AppendAsync(_engine.Appender());
        await (batch with { Type = "click", Count = clicks }).AppendAsync(_engine.Appender());
    }

    /// <summary>What is served of all that was sent, fitted to the last signal.</summary>
    private async Task<ServedSegment> FittedAsync()
    {
        var counts = (await _engine.CountedAsync(_published))!;
        var served = await _engine.ServedAsync(Spring, served => served.Counts.Version >= counts.Version);
        var campaign = _engine.Replica().Find(Spring)!;
        return served with { Fit = new ModuleEffectsLearner().Fit(campaign.InputFor(served.Counts, Ids.DefaultSegment)) };
    }
}
