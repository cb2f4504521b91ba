namespace Flywheel.Client;

/// <summary>A line of the list of campaigns.</summary>
public sealed record CampaignSummary(string Id, string? Name, string Status);
