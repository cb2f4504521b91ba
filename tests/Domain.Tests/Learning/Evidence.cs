using System.Collections.Immutable;
using Flywheel.Domain.Campaigns;
using Flywheel.Domain.Learning;

namespace Flywheel.Domain.Tests.Learning;

/// <summary>Counts and the input of a fit.</summary>
internal static class Evidence
{
    public const ulong Seed = 77;

    /// <summary>One slot whose modules have these impressions and whole rewards.</summary>
    public static LearnerInput OneSlot(params (long Impressions, double Rewards)[] modules) => OneSlot(TallySource.Learned, modules);

    public static LearnerInput OneSlot(TallySource source, params (long Impressions, double Rewards)[] modules) => Slots([modules.Length], Counts(source, modules));

    /// <summary>The input of slots of this shape, whose modules have keys from 1 on.</summary>
    public static LearnerInput Slots(IReadOnlyList<int> shape, SegmentCounts counts)
    {
        var next = 1UL;
        return new LearnerInput(
            [.. shape.Select(modules => Enumerable.Range(0, modules).Select(_ => next++).ToImmutableArray())], counts, counts.Version, Control: 0, MinPropensity: 0, Rewards.Micro, Seed);
    }

    /// <summary>Counts of one slot, in one channel.</summary>
    public static SegmentCounts Counts(TallySource source, params (long Impressions, double Rewards)[] modules)
    {
        var tallies = modules.Select((module, i) => new ModuleTally((ulong)i + 1, source, module.Impressions, (long)(module.Rewards * Rewards.Micro))).ToImmutableArray();
        var total = new GroupTally(0, tallies.Sum(tally => tally.Impressions), tallies.Sum(tally => tally.RewardMicros));
        return new SegmentCounts(1, default, [new ChannelTally("", For(TallySource.Learned), For(TallySource.Control), For(TallySource.Observed), tallies)]);

        GroupTally For(TallySource group) => group == source ? total : default;
    }
}
