using System.Collections.Concurrent;
using Flywheel.Domain.Learning;

namespace Flywheel.Grains.Replicas;

/// <summary>A segment as it is served now. Immutable; replaced as a whole.</summary>
/// <param name="Counts">The counts that the fit was made from.</param>
/// <param name="Fit">The policy and what is believed of each module.</param>
/// <param name="FittedAtMs">Unix time in milliseconds.</param>
/// <param name="Epoch">Of the owner that counted; 0 where nothing was counted.</param>
public sealed record ServedSegment(SegmentCounts Counts, SegmentFit Fit, long FittedAtMs, long Epoch)
{
    private readonly ConcurrentDictionary<string, SegmentFit> _channels = new(StringComparer.Ordinal);

    /// <summary>What is believed of each module in one channel; worked out once, when somebody first asks.</summary>
    public SegmentFit OfChannel(string channel, Func<string, SegmentFit> fit) => _channels.GetOrAdd(channel, fit);
}
