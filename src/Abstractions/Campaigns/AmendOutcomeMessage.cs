namespace Flywheel.Abstractions.Campaigns;

/// <summary>What an amendment came to.</summary>
/// <param name="Current">The campaign in force; null where there is none, or it was refused.</param>
/// <param name="Refused">Why nothing changes; null where it was not refused.</param>
/// <param name="IsMissing">True where it was refused because there is no such slot or module.</param>
[GenerateSerializer, Immutable, Alias("flywheel.amend-outcome")]
public sealed record AmendOutcomeMessage(
    [property: Id(0)] PublishedCampaignMessage? Current,
    [property: Id(1)] string? Refused,
    [property: Id(2)] bool IsMissing = false);
