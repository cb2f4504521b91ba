namespace Flywheel.Client;

/// <summary>What the policy of a segment can go back to.</summary>
/// <param name="Id">The segment.</param>
/// <param name="Rollbacks">How often it was rolled back.</param>
/// <param name="Checkpoints">The newest first.</param>
public sealed record SegmentCheckpoints(string Id, long Rollbacks, IReadOnlyList<PolicyCheckpoint> Checkpoints);
