using System.Collections.Immutable;
using System.Text.Json;
using Flywheel.Domain.Campaigns;
using Flywheel.Domain.Learning;
using Flywheel.Domain.Learning.Checkpoints;
using Flywheel.Domain.Learning.Evidence;
using Flywheel.Domain.Scoring.Fatigue;

namespace Flywheel.Domain.Tests.Scoring.Fatigue;

public sealed class FatigueWatchTests
{
    private const int Runs = 200;

    /// <summary>Four headlines served evenly, one of which halves after 20,000 impressions of its own; 200 seeded runs.</summary>
    [Theory]
    [InlineData(0.02, 9_000, 15_000)]
    [InlineData(0.05, 3_500, 5_500)]
    public void Observe_HeadlineHalves_IsFoundWithinWhatIsPromised(double rate, double median, double nineInTen)
    {
        const double After = 20_000;
        var world = FatigueWorlds.Equals(4, rate) with { Impressions = 300_000, Change = (1, seen => seen < After ? 1 : 0.5) };
        var delays = world.Delays(Runs, After, out var wrong);

        Assert.InRange(delays[Runs / 2], 0, median);
        Assert.InRange(delays[Runs * 9 / 10], 0, nineInTen);
        Assert.InRange(wrong, 0, FatigueWatch.FalseAlarmRate * Runs);
    }

    [Fact]
    public void Observe_LeaderHalvesWhileAllRatesSwing_IsFoundUnderALearningPolicy()
    {
        const double After = 20_000;
        var world = FatigueWorlds.Headlines(0.05).With(Happening.LearningByDayAndNight) with { Change = (2, seen => seen < After ? 1 : 0.5) };
        var delays = world.Delays(100, After, out var wrong);

        Assert.InRange(delays[50], 0, 20_000);
        Assert.InRange(wrong, 0, 1);
    }

    [Fact]
    public void Observe_HeadlineHalves_SaysHowMuchAndWithWhatFigures()
    {
        var world = FatigueWorlds.Equals(4, 0.05) with { Change = (1, seen => seen < 20_000 ? 1 : 0.5) };
        var found = Enumerable.Range(0, 40).Select(seed => world.FirstFinding(seed)!.Findings[0]).ToList();

        Assert.All(found, finding => Assert.Equal((0, world.Slots[0][1]), (finding.Slot, finding.Module)));
        Assert.InRange(found.Count(finding => finding.Kept.Low <= 0.5 && finding.Kept.High >= 0.5), 34, 40);
        Assert.All(found, finding => Assert.InRange(finding.ImpressionsBefore, 15_000, 25_000));
        Assert.All(found, finding => Assert.InRange(finding.RateBefore, 0.043, 0.057));
        Assert.All(found, finding => Assert.InRange(finding.RateSince, 0.01, 0.038));
        Assert.All(found, finding => Assert.True(finding.Evidence >= 4 / FatigueWatch.FalseAlarmRate));
    }

    [Fact]
    public void Observe_AnotherModuleRises_DoesNotCallItFatigueInMostRuns()
    {
        var world = FatigueWorlds.Equals(3, 0.05) with { Change = (1, seen => seen < 20_000 ? 1 : 2) };

        Assert.InRange(world.FalseAlarms(100), 0, 5);
    }

    [Fact]
    public void Observe_DipPasses_IsWithdrawn()
    {
        var world = FatigueWorlds.Equals(4, 0.05) with { Impressions = 400_000, Change = (1, seen => seen is > 20_000 and < 30_000 ? 0.4 : 1) };
        var looks = world.Looks(3).ToList();

        Assert.Contains(looks, look => look.Findings.Length > 0);
        Assert.Empty(looks[^1].Findings);
    }

    [Fact]
    public void Observe_FadesForGood_StaysFound()
    {
        var world = FatigueWorlds.Equals(4, 0.05) with { Change = (1, seen => seen < 20_000 ? 1 : 0.5) };
        var looks = world.Looks(4).SkipWhile(look => look.Findings.IsEmpty).ToList();

        Assert.True(looks.Count > 50);
        Assert.All(looks, look => Assert.Single(look.Findings));
    }

    [Fact]
    public void Observe_SlotOfOneModule_NeverFindsIt()
    {
        var world = FatigueWorlds.Equals(1, 0.05) with { Change = (0, seen => seen < 20_000 ? 1 : 0.1) };

        Assert.Null(world.FirstFinding(5));
    }

    [Fact]
    public void Observe_WithoutEvidence_ChangesNothing()
    {
        var (watch, findings) = FatigueWatch.None.Observe(SegmentCounts.None, [[1, 2]], Rewards.Micro);

        Assert.Same(FatigueWatch.None, watch);
        Assert.Empty(findings);
    }

    [Fact]
    public void Observe_StoredAsJsonInBetween_FindsTheSame()
    {
        var world = FatigueWorlds.TwoSlots(0.05) with { Learns = true, Change = (1, seen => seen < 20_000 ? 1 : 0.5) };
        var (stored, found) = (FatigueWatch.None, 0);
        foreach (var look in world.Looks(6))
        {
            (stored, var findings) = stored.Observe(look.Counts, world.Slots, Rewards.Micro);
            stored = JsonSerializer.Deserialize<FatigueWatch>(JsonSerializer.Serialize(stored))!;
            Assert.Equal(look.Findings, findings);
            found += findings.Length;
        }

        Assert.True(found > 0);
    }

    [Fact]
    public void Observe_LongRunOfManyModules_KeepsItsBounds()
    {
        var world = FatigueWorlds.Equals(32, 0.05) with { Impressions = 300_000 };
        var watches = world.Looks(7).Select(look => look.Watch).ToList();
        var large = FatigueWatch.None;
        ImmutableArray<ImmutableArray<ulong>> slots = [.. Enumerable.Range(0, 8).Select(slot => Enumerable.Range(1, 32).Select(module => (ulong)(slot * 32 + module)).ToImmutableArray())];
        var table = new EvidenceTable();
        for (var i = 0; i < 20_000; i++)
        {
            table.Add([.. slots.Select((modules, slot) => modules[(i * (slot + 3) + i / 32) % 32])], 1, i % 20 == 0 ? Rewards.Micro : 0, i, i);
            if (i % 100 == 0)
                large = large.Observe(new SegmentCounts(i, default, []) { Evidence = table.ToEvidence() }, slots, Rewards.Micro).Watch;
        }

        Assert.All(watches, watch => Assert.InRange(watch.Spans.Length, 0, FatigueWatch.MaxSpans));
        Assert.Equal(FatigueWatch.MaxSpans, watches[^1].Spans.Length);
        Assert.InRange(large.Spans.Length * large.Modules.Length, 256, FatigueWatch.MaxCells);
        Assert.Empty(large.Pairs);
    }

    /// <summary>A new version is another module: what the old one earned is none of its past.</summary>
    [Fact]
    public void Observe_ModuleIsReplaced_ForgetsItAndKeepsTheOthers()
    {
        var world = FatigueWorlds.Equals(3, 0.05);
        var last = world.Looks(8).Last();
        var fresh = PublishedCampaign.ModuleKey("s0", "m1", 2);
        ImmutableArray<ImmutableArray<ulong>> slots = [[world.Slots[0][0], fresh, world.Slots[0][2]]];
        var (watch, findings) = last.Watch.Observe(last.Counts, slots, Rewards.Micro);

        Assert.Empty(findings);
        Assert.Equal(slots[0], watch.Modules);
        Assert.All(watch.Spans, span => Assert.Equal(0, span.Served[1]));
        Assert.Equal(last.Watch.Spans.Sum(span => span.Rewards[2]), watch.Spans.Sum(span => span.Rewards[2]));
    }

    /// <summary>The reason for keeping spans apart from the evidence: by day one module is served most, by night the other.</summary>
    [Fact]
    public void Observe_ModulesServedAtDifferentLevels_AreNotTakenForDifferent()
    {
        var (table, watch, random) = (new EvidenceTable(), FatigueWatch.None, new Random(9));
        for (var step = 0; step < 400; step++)
        {
            var isDay = step / 20 % 2 == 0;
            for (var module = 0; module < 2; module++)
            {
                // The first ten days are served by turns, then both alike.
                var impressions = step >= 200 ? 500 : isDay == (module == 0) ? 900 : 100;
                table.Add([(ulong)module + 1], impressions, 0, step * 1_000, step * 1_000);
                for (var earned = random.Binomial(impressions, isDay ? 0.08 : 0.02); earned > 0; earned--)
                    table.Add([(ulong)module + 1], 0, Rewards.Micro, step * 1_000, step * 1_000);
            }
            (watch, var findings) = watch.Observe(new SegmentCounts(step, default, []) { Evidence = table.ToEvidence() }, [[1, 2]], Rewards.Micro);

            Assert.Empty(findings);
        }
    }

    /// <summary>What a watch saw may be what was taken back: with a rollback it begins anew, as one that was lost does.</summary>
    [Fact]
    public void Observe_AfterARollback_BeginsAnew()
    {
        var (table, watch) = (new EvidenceTable(), FatigueWatch.None);
        for (var step = 0; step < 40; step++)
        {
            table.Add([1], 500, 10 * Rewards.Micro, step * 1_000, step * 1_000);
            table.Add([2], 500, 10 * Rewards.Micro, step * 1_000, step * 1_000);
            watch = watch.Observe(new SegmentCounts(step, default, []) { Evidence = table.ToEvidence() }, [[1, 2]], Rewards.Micro).Watch;
        }
        Assert.NotEmpty(watch.Spans);
        var rolledBack = new SegmentCounts(41, default, []) { Evidence = table.ToEvidence(), LeftOut = new LeftOut(1, 40_000, 0, 0, []) };

        var (after, findings) = watch.Observe(rolledBack, [[1, 2]], Rewards.Micro);

        Assert.Empty(findings);
        Assert.Empty(after.Spans);
        Assert.Equal(1, after.Rollbacks);
        Assert.Equal(JsonSerializer.Serialize((FatigueWatch.None with { Rollbacks = 1 }).Observe(rolledBack, [[1, 2]], Rewards.Micro).Watch), JsonSerializer.Serialize(after));
    }
}
