using System.Collections.Immutable;
using Flywheel.Domain.Campaigns;

namespace Flywheel.Domain.Tests.Campaigns;

/// <summary>Campaigns in force.</summary>
internal static class Published
{
    public static PublishedCampaign Of(string json, int version = 1) => Of(Documents.Read(json), version);

    public static PublishedCampaign Of(Campaign campaign, int version = 1) => new()
    {
        Id = Documents.Id,
        Incarnation = 1,
        Revision = 1,
        LayoutRevision = 1,
        Campaign = campaign,
        Versions = [.. campaign.Slots.Select(slot => slot.Modules.Select(_ => version).ToImmutableArray())],
    };
}
