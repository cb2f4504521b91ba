using System.Collections.Immutable;
using Flywheel.Decisions;

namespace Flywheel.Signals;

/// <summary>A decision of the sample, with what it has earned so far.</summary>
/// <param name="DecidedAtMs">Unix time in milliseconds.</param>
/// <param name="Propensity">Above 0 and up to 1.</param>
/// <param name="Channel">Empty for none.</param>
/// <param name="Modules">Keys, in the order of the slots.</param>
/// <param name="HasImpression">False where a reward came and the impression has not.</param>
/// <param name="RewardMicros">As it was counted: in millionths, below the cap.</param>
public sealed record SampleRow(
    SegmentId Segment,
    ulong Issuer,
    ulong Counter,
    long DecidedAtMs,
    Group Group,
    double Propensity,
    string Channel,
    ImmutableArray<ulong> Modules,
    bool HasImpression,
    long RewardMicros);
