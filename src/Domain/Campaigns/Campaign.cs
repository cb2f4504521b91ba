using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Flywheel.Decisions;

namespace Flywheel.Domain.Campaigns;

/// <summary>
/// A campaign as its owner wrote it, validated. Optional parts that were left out stay null, so that the document reads
/// back as it was written; the effective values are on the parts themselves.
/// </summary>
[JsonConverter(typeof(CampaignConverter))]
public sealed record Campaign
{
    public string? Name { get; init; }
    public CampaignStatus Status { get; init; } = CampaignStatus.Live;

    /// <summary>True where the audience is simulated; shown wherever the campaign shows.</summary>
    public bool Simulation { get; init; }

    public Brief? Brief { get; init; }
    public required ImmutableArray<Slot> Slots { get; init; }
    public ImmutableArray<Segment> Segments { get; init; } = [];
    public Rewards Rewards { get; init; } = Rewards.Default;
    public PolicySettings Policy { get; init; } = new();
    public Governance? Governance { get; init; }

    /// <summary>How it is offered to exchanges; null where it is not.</summary>
    public DeliveryTerms? Delivery { get; init; }

    /// <summary>The ids of all segments, <c>default</c> last.</summary>
    public IEnumerable<string> SegmentIds() => Segments.Select(segment => segment.Id).Append(Ids.DefaultSegment);
}
