namespace Flywheel.Client;

/// <summary>What the policies of a campaign can go back to.</summary>
/// <param name="Campaign">The campaign.</param>
/// <param name="Segments">Those that learnt something.</param>
public sealed record PolicyCheckpoints(string Campaign, IReadOnlyList<SegmentCheckpoints> Segments);
