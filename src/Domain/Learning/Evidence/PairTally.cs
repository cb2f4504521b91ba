namespace Flywheel.Domain.Learning.Evidence;

/// <summary>Counts of two modules that were served together.</summary>
/// <param name="First">Place in <see cref="SegmentEvidence.Modules"/> of the one in the earlier slot.</param>
/// <param name="Second">Of the one in the later slot.</param>
public readonly record struct PairTally(int First, int Second, long Impressions, long RewardMicros);
