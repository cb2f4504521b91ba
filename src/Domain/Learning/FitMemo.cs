using Flywheel.Domain.Learning.Effects;
using Flywheel.Domain.Learning.Evidence;

namespace Flywheel.Domain.Learning;

/// <summary>
/// Where the last fit of a segment got to, so that the next one need not go through all of the past again. It changes no result:
/// what it holds is used only for buckets that are the same to the bit. One segment and one caller at a time.
/// </summary>
public sealed class FitMemo
{
    private readonly Dictionary<int, Passage> _slots = [];

    /// <summary>The filter of a slot after all buckets but the newest, taken up where the last fit left it.</summary>
    internal RegimeFilter Advance(Exposure exposure, int slot, EffectPrior[] priors, double level, double levelRewards)
    {
        var passed = exposure.Buckets - 1;
        if (!_slots.TryGetValue(slot, out var passage) || !passage.LeadsTo(exposure, slot, priors, level, passed))
            _slots[slot] = passage = new Passage(new RegimeFilter(priors, level, levelRewards), priors, exposure.Places[slot], exposure.UnitMicros, level);
        for (var bucket = passage.Buckets.Count; bucket < passed; bucket++)
        {
            exposure.Show(passage.Filter, slot, bucket);
            passage.Buckets.Add((exposure.Evidence.Buckets[bucket], exposure.WeightOf(slot, bucket)));
        }
        return passage.Filter.Copy();
    }

    private sealed record Passage(RegimeFilter Filter, EffectPrior[] Priors, int[] Places, double UnitMicros, double Level)
    {
        public List<(EvidenceBucket Bucket, double Weight)> Buckets { get; } = [];

        public bool LeadsTo(Exposure exposure, int slot, EffectPrior[] priors, double level, int passed)
        {
            if (Buckets.Count > passed || UnitMicros != exposure.UnitMicros || Level != level || !Places.AsSpan().SequenceEqual(exposure.Places[slot]) || !Priors.AsSpan().SequenceEqual(priors))
                return false;
            for (var bucket = 0; bucket < Buckets.Count; bucket++)
            {
                if (!ReferenceEquals(Buckets[bucket].Bucket, exposure.Evidence.Buckets[bucket]) || Buckets[bucket].Weight != exposure.WeightOf(slot, bucket))
                    return false;
            }
            return true;
        }
    }
}
