using Flywheel.Client;
using Flywheel.Faults.Processes;

namespace Flywheel.Faults.Load;

/// <summary>Compares the scores of a silo with the oracle, figure by figure.</summary>
internal sealed class Audit(Workload workload, Oracle oracle)
{
    /// <summary>What differs on this silo now.</summary>
    /// <param name="silo">Whose scores.</param>
    /// <param name="acknowledged">What the 202s said was accepted, in sum; the ledgers hold no less.</param>
    public async Task<Verdict> OfAsync(SiloProcess silo, long acknowledged)
    {
        var verdict = Verdict.Exact;
        var accepted = 0L;
        foreach (var campaign in workload.All)
        {
            var scores = await silo.Client.GetScoresAsync(campaign, TestContext.Current.CancellationToken);
            verdict = verdict.And(campaign == workload.Flooded ? Balance(scores) : Compare(scores));
            accepted += scores.Ledger.Accepted;
        }
        if (accepted < acknowledged)
            verdict = verdict.And(new Verdict(acknowledged - accepted, 0, [$"the ledgers accepted {accepted}, the 202s said {acknowledged}"]));
        return await Metrics.ReadAsync(silo, "flywheel_backlog_signals") is > 0 and var backlog
            ? verdict.And(new Verdict(0, 0, [$"{backlog} signals wait to be counted"])) : verdict;
    }

    /// <summary>What the ledgers of all campaigns say is counted; they must balance.</summary>
    public async Task<long> CountedAsync(SiloProcess silo)
    {
        var counted = 0L;
        foreach (var campaign in workload.All)
        {
            var scores = await silo.Client.GetScoresAsync(campaign, TestContext.Current.CancellationToken);
            Assert.True(Balance(scores).IsExact, Balance(scores).ToString());
            counted += scores.Ledger.Counted;
        }
        return counted;
    }

    private static Verdict Balance(Scores scores)
    {
        var ledger = scores.Ledger;
        return ledger.Accepted == ledger.Counted + ledger.Duplicate + ledger.Late + ledger.Quarantined
            ? Verdict.Exact : new Verdict(0, 0, [$"the ledger of {scores.Campaign} does not balance: {ledger}"]);
    }

    private Verdict Compare(Scores scores)
    {
        var expected = oracle.Segments.Where(segment => segment.Campaign == scores.Campaign).ToList();
        var signals = expected.Sum(segment => segment.Signals);
        var isLate = scores.Campaign == workload.Late;
        var (counted, late) = (isLate ? 0 : signals, isLate ? signals : 0);
        var ledger = scores.Ledger;
        var differences = new List<string>();
        // A signal that is late is late each time it is sent, and one that nobody acknowledged may have been sent more than once.
        if (ledger.Counted != counted || ledger.Late < late || (late == 0 && ledger.Late > 0) || ledger.Quarantined > 0)
            differences.Add($"the ledger of {scores.Campaign} is {ledger}; expected {counted} counted, {late} late or more, 0 quarantined");
        var (lost, doubled) = (counted - ledger.Counted, ledger.Counted - counted);
        foreach (var segment in expected)
            Compare(segment, scores.Segments.Single(each => each.Id == segment.Segment), differences, ref lost, ref doubled);
        return Balance(scores).And(new Verdict(Math.Max(0, Math.Max(lost, late - ledger.Late)), Math.Max(0, doubled), differences));
    }

    private static void Compare(SegmentExpectation expected, SegmentScores scores, List<string> differences, ref long lost, ref long doubled)
    {
        if (scores.Impressions != expected.Impressions || scores.Reward != expected.Reward)
        {
            differences.Add($"{expected.Campaign}/{expected.Segment}: {scores.Impressions} impressions and {scores.Reward} reward; expected {expected.Impressions} and {expected.Reward}");
            lost = Math.Max(lost, expected.Impressions - scores.Impressions);
            doubled = Math.Max(doubled, scores.Impressions - expected.Impressions);
        }
        foreach (var (slot, module) in scores.Slots.SelectMany(slot => slot.Modules.Select(module => (slot.Id, module))))
        {
            var (impressions, reward) = expected.Modules.GetValueOrDefault((slot, module.Id));
            if (module.Impressions == impressions && module.Reward == reward)
                continue;
            differences.Add($"{expected.Campaign}/{expected.Segment}/{slot}/{module.Id}: {module.Impressions} impressions and {module.Reward} reward; expected {impressions} and {reward}");
        }
    }
}
