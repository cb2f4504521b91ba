using Flywheel.Decisions;
using Flywheel.Grains.Replicas;

namespace Flywheel.Silo.Api.Decisions;

/// <summary>What was chosen and is not decided yet: nobody has counted it.</summary>
/// <param name="Choice">A module for each slot, and with which probability.</param>
/// <param name="Counter">The decision's, of its issuer and partition, where it was drawn by that: one that is not taken leaves it out. Null where it was drawn by its unit.</param>
/// <param name="Channel">As the request names it; null where it names none.</param>
/// <param name="BeganAt">The timestamp of the beginning; null where it is not timed.</param>
internal readonly record struct DrawnDecision(
    ReplicatedCampaign Campaign, ReplicatedSegment Segment, SegmentPolicy Policy, Choice Choice, ulong? Counter, string? Channel, long? BeganAt)
{
    /// <summary>Whether the same unit is served the same again.</summary>
    public bool HasUnit => Counter is null;
}
