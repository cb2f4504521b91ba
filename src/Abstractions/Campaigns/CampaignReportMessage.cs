using System.Collections.Immutable;
using Flywheel.Domain.Campaigns;
using Flywheel.Domain.Governance.Proposals;

namespace Flywheel.Abstractions.Campaigns;

/// <summary>A campaign as it is in force, and what was done to it.</summary>
/// <param name="Untold">Oldest first, numbered as in <see cref="UntoldHistory"/>; at most <see cref="UntoldHistory.Most"/>.</param>
[GenerateSerializer, Immutable, Alias("flywheel.campaign-report")]
public sealed record CampaignReportMessage([property: Id(0)] PublishedCampaign Published, [property: Id(1)] ImmutableArray<HistoryEntry> Untold);
