namespace Flywheel.Silo.Api.Campaigns;

/// <summary>A line of the list.</summary>
/// <param name="Simulation">True where its audience is simulated, else left out.</param>
internal sealed record CampaignListing(string Id, string Name, string Status, bool? Simulation);
