using Flywheel.Domain.Webhooks;

namespace Flywheel.Abstractions.Webhooks;

/// <summary>How a campaign stands, as the silo that counts it sees it; without its proposals and what has faded, which the watch asks for.</summary>
/// <param name="Entries">Entries that its history has had: while they are the same, so are its proposals.</param>
/// <param name="Pending">Proposals that wait for a person.</param>
[GenerateSerializer, Immutable, Alias("flywheel.sighting")]
public sealed record SightingMessage([property: Id(0)] CampaignSighting Sighting, [property: Id(1)] long Entries, [property: Id(2)] int Pending);
