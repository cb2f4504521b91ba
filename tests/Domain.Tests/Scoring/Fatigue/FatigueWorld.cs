using System.Collections.Immutable;
using Flywheel.Domain.Campaigns;
using Flywheel.Domain.Learning;
using Flywheel.Domain.Learning.Evidence;
using Flywheel.Domain.Scoring.Fatigue;

namespace Flywheel.Domain.Tests.Scoring.Fatigue;

/// <summary>
/// A seeded audience of one segment, served in steps of a few hundred impressions whose counts are drawn by combination, and a watch that
/// looks after each of them.
/// </summary>
internal sealed record FatigueWorld(params int[] Shape)
{
    private const int Draws = 40;

    /// <summary>Impressions of a run.</summary>
    public int Impressions { get; init; } = 200_000;

    public int Step { get; init; } = 500;

    public int MsApart { get; init; } = 5;

    /// <summary>Chance of a reward when nothing changes, by the modules of a combination.</summary>
    public required Func<int[], double> Rate { get; init; }

    /// <summary>What multiplies all rates, by the share of the run that has passed.</summary>
    public Func<double, double> Level { get; init; } = _ => 1;

    /// <summary>What multiplies the rate of whatever shows this module of the first slot, by the impressions it has had; null where none changes.</summary>
    public Func<double, double>? Fade { get; init; }

    public int Fading { get; init; }

    /// <summary>Thompson sampling over combinations, with a tenth served evenly; otherwise all is served evenly.</summary>
    public bool Learns { get; init; }

    /// <summary>Mean of an exponential delay of rewards, in milliseconds.</summary>
    public double DelayMs { get; init; }

    public int FreshStart { get; init; }

    /// <summary>Steps between two looks.</summary>
    public int LookEvery { get; init; } = 1;

    public ImmutableArray<ImmutableArray<ulong>> Slots { get; } =
        [.. Shape.Select((modules, slot) => Enumerable.Range(0, modules).Select(module => Key(slot, module)).ToImmutableArray())];

    public static ulong Key(int slot, int module) => PublishedCampaign.ModuleKey($"s{slot}", $"m{module}", 1);

    /// <summary>All findings of a run, each with the impressions that the fading module had had by then.</summary>
    /// <param name="stop">Ends the run at the first finding.</param>
    public List<(FatigueFinding Finding, double Impressions, double Served)> Run(int seed, bool stop = true)
    {
        var random = new Random(seed);
        var table = new EvidenceTable();
        var watch = FatigueWatch.None;
        var combinations = Combinations();
        var (impressions, rewards) = (new double[combinations.Length], new double[combinations.Length]);
        var late = new PriorityQueue<(ulong[] Modules, long DecidedMs), long>();
        var served = 0.0;
        var found = new List<(FatigueFinding, double, double)>();
        var (now, steps) = (1_777_000_000_000L, 0);
        for (var done = 0; done < Impressions; done += Step, steps++)
        {
            var shares = Shares(random, impressions, rewards);
            var left = Step;
            var mass = 1.0;
            var level = Level((double)done / Impressions);
            for (var c = 0; c < combinations.Length; c++)
            {
                var came = (int)random.Binomial(left, Math.Clamp(shares[c] / mass, 0, 1));
                (left, mass) = (left - came, Math.Max(1e-12, mass - shares[c]));
                if (came == 0)
                    continue;
                var (modules, keys) = combinations[c];
                var isFading = modules[0] == Fading;
                var rate = Math.Min(1, Rate(modules) * level * (isFading && Fade is not null ? Fade(served) : 1));
                served += isFading ? came : 0;
                table.Add(keys, came, 0, now, now);
                impressions[c] += came;
                for (var earned = random.Binomial(came, rate); earned > 0; earned--)
                {
                    late.Enqueue((keys, now), now + (long)(DelayMs > 0 ? -Math.Log(1 - random.NextDouble()) * DelayMs : 0));
                    rewards[c]++;
                }
            }
            now += Step * MsApart;
            while (late.TryPeek(out var reward, out var due) && due <= now)
            {
                late.Dequeue();
                table.Add(reward.Modules, 0, Rewards.Micro, reward.DecidedMs, due);
            }
            if (steps % LookEvery != 0)
                continue;
            var counts = new SegmentCounts(steps, default, []) { Evidence = table.ToEvidence() };
            (watch, var findings) = watch.Observe(counts, Slots, Rewards.Micro);
            foreach (var finding in findings)
                found.Add((finding, done + Step, served));
            if (stop && found.Count > 0)
                break;
        }
        return found;
    }

    private (int[] Modules, ulong[] Keys)[] Combinations() =>
    [
        .. Enumerable.Range(0, Shape.Aggregate(1, (product, modules) => product * modules)).Select(index =>
        {
            var modules = new int[Shape.Length];
            for (var slot = 0; slot < Shape.Length; slot++)
                (index, modules[slot]) = (index / Shape[slot], index % Shape[slot]);
            return (modules, modules.Select((module, slot) => Key(slot, module)).ToArray());
        }),
    ];

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
