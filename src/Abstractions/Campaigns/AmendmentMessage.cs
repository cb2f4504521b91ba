using Flywheel.Domain.Governance;

namespace Flywheel.Abstractions.Campaigns;

/// <summary>A change to what is served of one module.</summary>
[GenerateSerializer, Immutable, Alias("flywheel.amendment-message")]
public sealed record AmendmentMessage([property: Id(0)] Amendment Amendment);
