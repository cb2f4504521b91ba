using Flywheel.Client;
using Flywheel.Faults.Processes;

namespace Flywheel.Faults.Load;

/// <summary>A guard on the guard: what is lost or counted twice is found.</summary>
public sealed class AuditTests
{
    [Theory]
    [InlineData(1, 0, 1, 0)]
    [InlineData(0, 1, 0, 1)]
    [InlineData(0, 0, 0, 0)]
    public async Task Audit_OfOneSignalMoreOrLess_SaysSo(int unsent, int unexpected, long lost, long doubled)
    {
        await using var cluster = await Cluster.StartAsync(new ClusterOptions { HasRedis = false });
        var silo = cluster.Silos[0].Running;
        var workload = new Workload("audited");
        var oracle = new Oracle(workload);
        foreach (var campaign in workload.All)
            await silo.Client.PutCampaignAsync(campaign, workload.Document(campaign), TestContext.Current.CancellationToken);
        var decisions = await silo.Client.DecideManyAsync([.. Enumerable.Repeat(new DecisionRequest("audited-1"), 20)], TestContext.Current.CancellationToken);
        foreach (var result in decisions.Skip(unexpected))
            oracle.Expect(result.Decision!, hasImpression: true, hasClick: false, conversions: 0);
        await silo.Client.SendAsync([.. decisions.Skip(unsent).Select(result => Signal.Impression(result.Decision!.DecisionId))], TestContext.Current.CancellationToken);
        var audit = new Audit(workload, oracle);

        Verdict? verdict = null;
        await Patience.UntilAsync(
            $"{lost} lost, {doubled} double",
            async () => ((verdict = await audit.OfAsync(silo, 0)).Lost, verdict.Doubled) == (lost, doubled),
            () => $"{verdict}");

        Assert.Equal(lost + doubled == 0, verdict!.IsExact);
    }
}
