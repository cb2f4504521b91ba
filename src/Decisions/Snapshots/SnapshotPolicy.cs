namespace Flywheel.Decisions;

/// <summary>A policy and when it was fitted, Unix time in milliseconds.</summary>
public sealed record SnapshotPolicy(SegmentPolicy Policy, long FittedAtMs);
