using System.Collections.Immutable;
using Flywheel.Domain.Campaigns;
using Flywheel.Domain.Learning;
using Flywheel.Domain.Learning.Evidence;
using Flywheel.Domain.Scoring.Fatigue;

namespace Flywheel.Domain.Tests.Scoring.Fatigue;

/// <summary>
/// A seeded audience of one segment, served in steps of some hundred impressions whose counts are drawn by combination, and a watch
/// that looks after each step.
/// </summary>
/// <param name="Shape">Modules of each slot.</param>
internal sealed record FatigueWorld(params int[] Shape)
{
    private const long StartMs = 1_777_000_000_000;
    private const int Draws = 40;

    /// <summary>Chance of a reward, by the modules of a combination.</summary>
    public required Func<int[], double> Rate { get; init; }

    /// <summary>Impressions of a run.</summary>
    public int Impressions { get; init; } = 200_000;

    public int Step { get; init; } = 1_000;

    public int MsApart { get; init; } = 5;

    /// <summary>What multiplies all rates, by the share of the run that has passed.</summary>
    public Func<double, double> Level { get; init; } = _ => 1;

    /// <summary>A module of the first slot, and what multiplies the rate of all that shows it, by the impressions it has had.</summary>
    public (int Module, Func<double, double> Factor) Change { get; init; } = (0, _ => 1);

    /// <summary>Thompson sampling over combinations, a tenth of the traffic served evenly; otherwise all of it is.</summary>
    public bool Learns { get; init; }

    /// <summary>The engine's own learner and its policy in place of that; for one slot.</summary>
    public bool UsesTheEngine { get; init; }

    /// <summary>Share of the control group beside the engine's policy.</summary>
    public double Control { get; init; } = 0.05;

    /// <summary>Mean of an exponential delay of rewards, in milliseconds.</summary>
    public double DelayMs { get; init; }

    /// <summary>What a reward is worth; at most <see cref="Cap"/>.</summary>
    public Func<Random, double> Worth { get; init; } = _ => 1;

    public double Cap { get; init; } = 1;

    /// <summary>Steps between two looks.</summary>
    public int LookEvery { get; init; } = 1;

    /// <summary>Steps after which the watch is lost; 0 for never.</summary>
    public int LoseEvery { get; init; }

    public ImmutableArray<ImmutableArray<ulong>> Slots { get; } =
        [.. Shape.Select((modules, slot) => Enumerable.Range(0, modules).Select(module => PublishedCampaign.ModuleKey($"s{slot}", $"m{module}", 1)).ToImmutableArray())];

    public long CapMicros => (long)(Cap * Rewards.Micro);

    /// <summary>The looks of a run, in order.</summary>
    public IEnumerable<FatigueLook> Looks(int seed)
    {
        var (random, table, watch) = (new Random(seed), new EvidenceTable(), FatigueWatch.None);
        var combinations = Combinations();
        var (impressions, rewards) = (new double[combinations.Length], new double[combinations.Length]);
        var late = new PriorityQueue<(ulong[] Modules, long DecidedMs), long>();
        for (var (done, step, nowMs) = (0, 1, StartMs); done < Impressions; done += Step, step++)
        {
            var shares = UsesTheEngine ? EngineShares(table, (ulong)seed) : Shares(random, impressions, rewards);
            var (left, mass, changed) = (Step, 1.0, Change.Factor(ImpressionsOf(combinations, impressions)));
            for (var c = 0; c < combinations.Length; c++)
            {
                var (modules, keys) = combinations[c];
                var came = (int)random.Binomial(left, Math.Clamp(shares[c] / mass, 0, 1));
                (left, mass) = (left - came, Math.Max(1e-12, mass - shares[c]));
                if (came == 0)
                    continue;
                table.Add(keys, came, 0, nowMs, nowMs);
                impressions[c] += came;
                var rate = Rate(modules) * Level((double)done / Impressions) * (modules[0] == Change.Module ? changed : 1);
                for (var earned = random.Binomial(came, rate); earned > 0; earned--, rewards[c]++)
                    late.Enqueue((keys, nowMs), nowMs + (DelayMs > 0 ? (long)(-Math.Log(1 - random.NextDouble()) * DelayMs) : 0));
            }
            nowMs += Step * MsApart;
            while (late.TryPeek(out var reward, out var due) && due <= nowMs)
                table.Add(late.Dequeue().Modules, 0, (long)(Worth(random) * Rewards.Micro), reward.DecidedMs, due);
            if (step % LookEvery != 0)
                continue;
            var counts = new SegmentCounts(step, default, []) { Evidence = table.ToEvidence() };
            (watch, var findings) = watch.Observe(counts, Slots, CapMicros);
            yield return new FatigueLook(counts, watch, findings, ImpressionsOf(combinations, impressions));
            watch = LoseEvery > 0 && step % LoseEvery == 0 ? FatigueWatch.None : watch;
        }
    }

    /// <summary>The first look of a run at which a module is found faded; null where there is none.</summary>
    public FatigueLook? FirstFinding(int seed) => Looks(seed).FirstOrDefault(look => look.Findings.Length > 0);

    /// <summary>Runs of so many in which any module is ever found faded.</summary>
    public int FalseAlarms(int runs) => Enumerable.Range(0, runs).Count(seed => FirstFinding(seed) is not null);

    /// <summary>Impressions of the module that changes between its change and the look at which it is found, of each run, in order; infinite where it is not found.</summary>
    public double[] Delays(int runs, double changesAt, out int wrong)
    {
        var found = Enumerable.Range(0, runs).Select(seed => FirstFinding(1_000 + seed)).ToList();
        var right = found.Where(look => look is not null && look.Findings[0].Module == Slots[0][Change.Module] && look.Impressions > changesAt).ToList();
        wrong = found.Count(look => look is not null) - right.Count;
        return [.. right.Select(look => look!.Impressions - changesAt).Concat(Enumerable.Repeat(double.PositiveInfinity, runs - right.Count)).Order()];
    }

    private double ImpressionsOf((int[] Modules, ulong[] Keys)[] combinations, double[] impressions) =>
        impressions.Where((_, c) => combinations[c].Modules[0] == Change.Module).Sum();

    private (int[] Modules, ulong[] Keys)[] Combinations() =>
    [
        .. Enumerable.Range(0, Shape.Aggregate(1, (product, modules) => product * modules)).Select(index =>
        {
            var modules = new int[Shape.Length];
            for (var slot = 0; slot < Shape.Length; slot++)
                (index, modules[slot]) = (index / Shape[slot], index % Shape[slot]);
            return (modules, modules.Select((module, slot) => Slots[slot][module]).ToArray());
        }),
    ];

    private double[] EngineShares(EvidenceTable table, ulong seed)
    {
        var counts = new SegmentCounts(1, default, []) { Evidence = table.ToEvidence() };
        return new ModuleEffectsLearner().Fit(new LearnerInput(Slots, counts, 1, Control, MinPropensity: 0, CapMicros, seed) { Explain = false }).Policy.SharesOf(0);
    }

    private double[] Shares(Random random, double[] impressions, double[] rewards)
    {
        var shares = new double[impressions.Length];
        Array.Fill(shares, (Learns ? 0.1 : 1.0) / shares.Length);
        for (var draw = 0; Learns && draw < Draws; draw++)
        {
            var (best, highest) = (0, double.NegativeInfinity);
            for (var c = 0; c < shares.Length; c++)
            {
                var normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
                var rate = (rewards[c] + 1 + Math.Sqrt(rewards[c] + 1) * normal) / (impressions[c] + 60);
                if (rate > highest)
                    (best, highest) = (c, rate);
            }
            shares[best] += 0.9 / Draws;
        }
        return shares;
    }
}
