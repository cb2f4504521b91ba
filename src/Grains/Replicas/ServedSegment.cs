using Flywheel.Domain.Learning;

namespace Flywheel.Grains.Replicas;

/// <summary>A segment as it is served now. Immutable; replaced as a whole.</summary>
/// <param name="Counts">The counts that the fit was made from.</param>
/// <param name="Fit">The policy and what is believed of each module.</param>
/// <param name="FittedAtMs">Unix time in milliseconds.</param>
public sealed record ServedSegment(SegmentCounts Counts, SegmentFit Fit, long FittedAtMs);
