using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Flywheel.Decisions;
using Flywheel.Domain.Governance;

namespace Flywheel.Domain.Campaigns;

/// <summary>A campaign as it is in force: what the campaign grain stores and every silo serves.</summary>
public sealed record PublishedCampaign
{
    /// <summary>Its key within the engine, see <see cref="CampaignKeys"/>.</summary>
    public required string Id { get; init; }

    /// <summary>Its id, as its tenant knows it.</summary>
    [JsonIgnore]
    public string LocalId => CampaignKeys.IdOf(Id);

    /// <summary>Tells this life of the id from an earlier one that was deleted.</summary>
    public required ulong Incarnation { get; init; }

    /// <summary>
    /// Rises with every change: the time of the change in microseconds since 1970, or one more than before where that is larger. Counted
    /// 1, 2, 3, it would be given out again after the store lost its latest writes, and name two documents.
    /// </summary>
    public required long Revision { get; init; }

    /// <summary>The revision at which what can be served last changed.</summary>
    public required long LayoutRevision { get; init; }

    /// <summary>What is served: the owner's document without the modules that are stopped.</summary>
    public required Campaign Campaign { get; init; }

    /// <summary>What may be served, and how much of it; null where everything may.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Eligibility? Eligibility { get; init; }

    /// <summary>The version of each module, by slot and module in the order of the document.</summary>
    public required ImmutableArray<ImmutableArray<int>> Versions { get; init; }

    /// <summary>Identifies one version of one module's content within a campaign, for ever: what signals are counted under.</summary>
    public static ulong ModuleKey(string slot, string module, int version) => Mixing.Of($"{slot}/{module}/{version}");

    /// <summary>True where policies that were fitted for <paramref name="other"/> can serve this campaign unchanged.</summary>
    public bool ServesAs(PublishedCampaign other) =>
        Campaign.Slots.Select(slot => slot.Id).SequenceEqual(other.Campaign.Slots.Select(slot => slot.Id))
        && Campaign.Slots.Zip(other.Campaign.Slots, (a, b) => a.Modules.Select(module => module.Id).SequenceEqual(b.Modules.Select(module => module.Id))).All(same => same)
        && Versions.Zip(other.Versions, (a, b) => a.SequenceEqual(b)).All(same => same)
        && Campaign.SegmentIds().SequenceEqual(other.Campaign.SegmentIds())
        && Campaign.Policy.Control.Equals(other.Campaign.Policy.Control)
        && Campaign.Policy.MinPropensity.Equals(other.Campaign.Policy.MinPropensity)
        && Campaign.Rewards.CapMicros == other.Campaign.Rewards.CapMicros
        && (Eligibility?.Challengers ?? []).SequenceEqual(other.Eligibility?.Challengers ?? [])
        && (Eligibility ?? Eligibility.All).PinsAs(other.Eligibility);
}
