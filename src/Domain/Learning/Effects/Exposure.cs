using System.Collections.Immutable;
using Flywheel.Domain.Learning.Evidence;

namespace Flywheel.Domain.Learning.Effects;

/// <summary>
/// A segment's evidence by slot, as a fit needs it: rewards as fractions of the most a decision can earn, and impressions
/// weighed by how far they have matured.
/// </summary>
internal sealed class Exposure
{
    private readonly int _buckets;

    public Exposure(SegmentEvidence evidence, ImmutableArray<ImmutableArray<ulong>> slots, long capMicros)
    {
        Evidence = evidence;
        _buckets = evidence.Buckets.Length;
        UnitMicros = Dispersion(evidence, capMicros);
        var curve = new DelayCurve(evidence);
        (Impressions, Maturity) = (new double[_buckets], new double[_buckets]);
        for (var b = 0; b < _buckets; b++)
        {
            var bucket = evidence.Buckets[b];
            Impressions[b] = Math.Max(bucket.Impressions, bucket.RewardMicros / (double)capMicros);
            Maturity[b] = curve.Between(evidence.AsOfMs - bucket.EndMs, evidence.AsOfMs - bucket.StartMs);
        }
        Places = [.. slots.Select(modules => modules.Select(module => evidence.Modules.IndexOf(module)).ToArray())];
        Company = [.. slots.Select(_ => Ones(_buckets))];
        ModuleImpressions = new double[slots.Length][];
        ModuleRewards = new double[slots.Length][];
        for (var slot = 0; slot < slots.Length; slot++)
            (ModuleImpressions[slot], ModuleRewards[slot]) = Gather(Places[slot], capMicros);
    }

    public SegmentEvidence Evidence { get; }

    /// <summary>Millionths that count as one reward.</summary>
    public double UnitMicros { get; }

    public int Buckets => _buckets;

    /// <summary>Place in the evidence of each module, by slot; −1 where it has none.</summary>
    public int[][] Places { get; }

    /// <summary>By bucket.</summary>
    public double[] Impressions { get; }

    /// <summary>By bucket: the share of its rewards that has arrived.</summary>
    public double[] Maturity { get; }

    /// <summary>By slot and bucket: the factor by which what the other slots served moved the rate of whatever this one did.</summary>
    public double[][] Company { get; }

    /// <summary>By slot, then bucket × module.</summary>
    public double[][] ModuleImpressions { get; }

    /// <summary>By slot, then bucket × module, in units.</summary>
    public double[][] ModuleRewards { get; }

    /// <summary>Sums over time, each bucket's impressions by its weight.</summary>
    public (double[] Exposures, double[] Rewards) Sum(int slot)
    {
        var modules = Places[slot].Length;
        var (exposures, rewards) = (new double[modules], new double[modules]);
        for (var b = 0; b < _buckets; b++)
        {
            for (var i = 0; i < modules; i++)
            {
                exposures[i] += WeightOf(slot, b) * ModuleImpressions[slot][b * modules + i];
                rewards[i] += ModuleRewards[slot][b * modules + i];
            }
        }
        return (exposures, rewards);
    }

    /// <summary>The share of a module's rewards that has arrived; 1 where it was not served.</summary>
    public double MaturityOf(int slot, int module)
    {
        var (matured, impressions) = (0.0, 0.0);
        for (var b = 0; b < _buckets; b++)
        {
            var seen = ModuleImpressions[slot][b * Places[slot].Length + module];
            (matured, impressions) = (matured + Maturity[b] * seen, impressions + seen);
        }
        return impressions > 0 ? matured / impressions : 1;
    }

    /// <summary>Shows a bucket of a slot to its filter.</summary>
    public void Show(RegimeFilter filter, int slot, int bucket)
    {
        var modules = Places[slot].Length;
        Span<double> exposures = stackalloc double[modules];
        for (var i = 0; i < modules; i++)
            exposures[i] = WeightOf(slot, bucket) * ModuleImpressions[slot][bucket * modules + i];
        filter.Observe(Impressions[bucket], DispersionOf(Evidence.Buckets[bucket]), exposures, ModuleRewards[slot].AsSpan(bucket * modules, modules));
    }

    /// <summary>
    /// How many times more a bucket's rewards vary than as many counts of <see cref="UnitMicros"/>: 1 where they are alike. One huge order
    /// is several units at once, and would pass for a change of its module.
    /// </summary>
    public double DispersionOf(EvidenceBucket bucket) => bucket.RewardMicros > 0
        ? Math.Max(1, bucket.SquaredReward * Campaigns.Rewards.Micro / bucket.RewardMicros * Campaigns.Rewards.Micro / UnitMicros)
        : 1;

    /// <summary>What an impression of a bucket is worth to a slot.</summary>
    public double WeightOf(int slot, int bucket) => Maturity[bucket] * Company[slot][bucket];

    /// <summary>
    /// Sets <see cref="Company"/> from what is believed of the modules. Slots are drawn nearly independently within a bucket, so
    /// the mean effect of each slot multiplies. Without it, all modules would seem to rise while the others of a slot are
    /// still being tried out, and those that were served late would take the credit.
    /// </summary>
    public void Accompany(SlotBelief[] slots)
    {
        for (var b = 0; b < _buckets; b++)
        {
            var product = 1.0;
            var means = new double[slots.Length];
            for (var slot = 0; slot < slots.Length; slot++)
                product *= means[slot] = MeanEffect(slot, b, slots[slot].Means);
            for (var slot = 0; slot < slots.Length; slot++)
                Company[slot][b] = product / means[slot];
        }
    }

    private double MeanEffect(int slot, int bucket, double[] means)
    {
        var (sum, impressions) = (0.0, 0.0);
        for (var i = 0; i < means.Length; i++)
        {
            var seen = ModuleImpressions[slot][bucket * means.Length + i];
            (sum, impressions) = (sum + seen * Math.Exp(means[i]), impressions + seen);
        }
        return impressions > 0 ? sum / impressions : 1;
    }

    /// <summary>The evidence of one module that is in no slot any more: weighed impressions, and rewards in units.</summary>
    public (double Exposure, double Rewards) SumOf(ulong module)
    {
        var place = Evidence.Modules.IndexOf(module);
        var (exposure, rewards) = (0.0, 0.0);
        for (var b = 0; place >= 0 && b < _buckets; b++)
        {
            exposure += Maturity[b] * At(Evidence.Buckets[b].ModuleImpressions, place);
            rewards += At(Evidence.Buckets[b].ModuleRewardMicros, place) / UnitMicros;
        }
        return (exposure, rewards);
    }

    /// <summary>
    /// The unit to count rewards in. For rewards that are all alike it is their size. Where they differ it is Σr² ÷ Σr: then
    /// a sum of rewards varies as that many counts would (quasi-Poisson; McCullagh and Nelder 1989, 6.2), and a few large
    /// orders, each cut at the cap, make the evidence weaker rather than stronger.
    /// </summary>
    private static double Dispersion(SegmentEvidence evidence, long capMicros)
    {
        var (squares, sum) = (0.0, 0.0);
        foreach (var bucket in evidence.Buckets)
        {
            squares += bucket.SquaredReward;
            sum += bucket.RewardMicros / (double)Campaigns.Rewards.Micro;
        }
        return sum > 0 ? Math.Min(capMicros, squares / sum * Campaigns.Rewards.Micro) : capMicros;
    }

    private (double[] Impressions, double[] Rewards) Gather(int[] places, long capMicros)
    {
        var impressions = new double[_buckets * places.Length];
        var rewards = new double[_buckets * places.Length];
        for (var b = 0; b < _buckets; b++)
        {
            var bucket = Evidence.Buckets[b];
            for (var i = 0; i < places.Length; i++)
            {
                var micros = At(bucket.ModuleRewardMicros, places[i]);
                rewards[b * places.Length + i] = micros / UnitMicros;
                impressions[b * places.Length + i] = Math.Max(At(bucket.ModuleImpressions, places[i]), micros / (double)capMicros);
            }
        }
        return (impressions, rewards);
    }

    private static double[] Ones(int length)
    {
        var ones = new double[length];
        Array.Fill(ones, 1.0);
        return ones;
    }

    private static long At(ImmutableArray<long> values, int place) => place >= 0 && place < values.Length ? values[place] : 0;
}
