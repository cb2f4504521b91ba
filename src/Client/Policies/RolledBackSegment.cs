namespace Flywheel.Client;

/// <summary>A segment whose policy went back.</summary>
/// <param name="Id">The segment.</param>
/// <param name="Checkpoint">The moment whose state it has now.</param>
/// <param name="Impressions">Impressions that it learns from, then and now.</param>
/// <param name="Reward">Their reward.</param>
public sealed record RolledBackSegment(string Id, DateTimeOffset Checkpoint, long Impressions, double Reward);
