namespace Flywheel.Abstractions.Campaigns;

/// <summary>What publishing a campaign came to.</summary>
/// <param name="Created">True where there was none before.</param>
/// <param name="Refused">Why nothing was published; null where it was.</param>
[GenerateSerializer, Immutable, Alias("flywheel.publish-outcome")]
public sealed record PublishOutcome(
    [property: Id(0)] bool Created,
    [property: Id(1)] PublishedCampaignMessage? Current,
    [property: Id(2)] string? Refused = null);
