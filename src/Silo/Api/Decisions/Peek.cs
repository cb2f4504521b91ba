using Flywheel.Grains.Replicas;

namespace Flywheel.Silo.Api.Decisions;

/// <summary>What a unit would be served.</summary>
/// <param name="Campaign">Of this campaign, as it is now.</param>
/// <param name="Segment">Where the unit is.</param>
/// <param name="Combination">A module for each slot, see <see cref="Flywheel.Decisions.Combination"/>.</param>
internal readonly record struct Peek(ReplicatedCampaign Campaign, string Segment, ulong Combination);
