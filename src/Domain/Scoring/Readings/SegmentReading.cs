using System.Collections.Immutable;
using Flywheel.Domain.Decisions;
using Flywheel.Domain.Learning;
using Flywheel.Domain.Scoring.Fatigue;

namespace Flywheel.Domain.Scoring.Readings;

/// <summary>What is known of one segment: all that triggers and insights are made of.</summary>
public sealed record SegmentReading(string Id, ImmutableArray<SlotReading> Slots)
{
    /// <summary>Reads a segment as it is now.</summary>
    /// <param name="layout">The layout that <paramref name="fit"/> was made for.</param>
    /// <param name="fit">With its estimates.</param>
    /// <param name="faded">What a watch found at its last look.</param>
    /// <param name="added">Keys of the modules that have only just been added.</param>
    /// <exception cref="ArgumentException">The fit is for other modules.</exception>
    public static SegmentReading Of(
        CampaignLayout layout, string segment, SegmentCounts counts, SegmentFit fit, IReadOnlyCollection<FatigueFinding> faded, IReadOnlySet<ulong> added)
    {
        if (!fit.Modules.Select(modules => modules.Length).SequenceEqual(layout.ModulesPerSlot))
            throw new ArgumentException(
                $"The fit has {string.Join('×', fit.Modules.Select(modules => modules.Length))} modules, the layout {string.Join('×', layout.ModulesPerSlot)}.", nameof(fit));
        var sums = counts.SumModules();
        var cap = (double)Math.Max(1, layout.Published.Campaign.Rewards.CapMicros);
        var documents = layout.Published.Campaign.Slots;
        return new SegmentReading(segment, [.. layout.Slots.Select((slot, s) => new SlotReading(slot.Id, ReadSlot(s, slot)))]);

        ImmutableArray<ModuleReading> ReadSlot(int s, ServedSlot slot)
        {
            var resonances = ResonanceScale.Resonances(fit.Modules[s]);
            return
            [
                .. slot.Modules.Select((module, m) =>
                {
                    var (learned, control) = (sums.GetValueOrDefault((module.Key, TallySource.Learned)), sums.GetValueOrDefault((module.Key, TallySource.Control)));
                    return new ModuleReading(
                        module.Id, module.Version, documents[s].Modules[m].Attributes, learned.Impressions + control.Impressions,
                        (learned.RewardMicros + control.RewardMicros) / cap, fit.Modules[s][m], resonances[m])
                    {
                        Faded = faded.FirstOrDefault(finding => finding.Slot == s && finding.Module == module.Key),
                        IsNew = added.Contains(module.Key),
                    };
                }),
            ];
        }
    }
}
