using System.Collections.Immutable;

namespace Flywheel.Domain.Learning.Checkpoints;

/// <summary>A state of what a segment's policy is fitted to, that it can go back to.</summary>
/// <param name="AtMs">The state of this moment: when the newest signal in it was accepted. Unix time in milliseconds.</param>
/// <param name="KeptAtMs">When it was kept: no signal came between.</param>
/// <param name="Impressions">Impressions learnt from until then.</param>
/// <param name="RewardMicros">Their reward, in millionths.</param>
/// <param name="LeftOut">Decisions that were left out of it, and still are once it is gone back to.</param>
public sealed record PolicyCheckpoint(long AtMs, long KeptAtMs, CheckpointKind Kind, long Impressions, long RewardMicros, ImmutableArray<LeftOutSpan> LeftOut);
