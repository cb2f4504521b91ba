namespace Flywheel.Domain.Learning.Checkpoints;

/// <summary>Decisions of this time teach the policy nothing, whenever their signals come. Unix time in milliseconds.</summary>
/// <param name="AfterMs">Decisions made later than this,</param>
/// <param name="UpToMs">up to and including this.</param>
public readonly record struct LeftOutSpan(long AfterMs, long UpToMs);
