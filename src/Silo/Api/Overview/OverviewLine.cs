using Flywheel.Client;
using Flywheel.Domain.Campaigns;

namespace Flywheel.Silo.Api.Overview;

/// <summary>A campaign at a glance, and what it was made of.</summary>
/// <param name="Changes">The version of the campaign's changes.</param>
/// <param name="Version">Rises with every line that is made.</param>
internal sealed record OverviewLine(CampaignOverview Campaign, PublishedCampaign Published, long Changes, long Version);
