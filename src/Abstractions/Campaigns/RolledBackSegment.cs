namespace Flywheel.Abstractions.Campaigns;

/// <summary>A segment whose policy goes back.</summary>
/// <param name="ToMs">The checkpoint, Unix time in milliseconds.</param>
/// <param name="Impressions">Impressions that are learnt from, then and now.</param>
/// <param name="RewardMicros">Their reward, in millionths.</param>
[GenerateSerializer, Immutable, Alias("flywheel.rolled-back-segment")]
public sealed record RolledBackSegment([property: Id(0)] string Segment, [property: Id(1)] long ToMs, [property: Id(2)] long Impressions, [property: Id(3)] long RewardMicros);
