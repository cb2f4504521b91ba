using Flywheel.Decisions;
using Flywheel.Grains.Replicas;

namespace Flywheel.Silo.Api.Decisions;

/// <summary>What was chosen and is not decided yet: nobody has counted it.</summary>
/// <param name="Choice">A module for each slot, and with which probability.</param>
/// <param name="Counter">The decision's, of its issuer and partition; that of one that is not taken is left out.</param>
/// <param name="Channel">As the request names it; null where it names none.</param>
/// <param name="HasUnit">Whether the same unit is served the same again.</param>
/// <param name="BeganAt">The timestamp of the beginning; null where it is not timed.</param>
internal readonly record struct DrawnDecision(
    ReplicatedCampaign Campaign, ReplicatedSegment Segment, SegmentPolicy Policy, Choice Choice, ulong? Counter, string? Channel, bool HasUnit, long? BeganAt);
