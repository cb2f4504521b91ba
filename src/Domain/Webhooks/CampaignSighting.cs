using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Flywheel.Domain.Experiments;
using Flywheel.Domain.Governance.Proposals;
using Flywheel.Domain.Scoring;

namespace Flywheel.Domain.Webhooks;

/// <summary>How a campaign stands at one look.</summary>
/// <param name="Incarnation">The life of the campaign.</param>
/// <param name="Verdict">Of its experiment, all segments together.</param>
/// <param name="Lift">Relative, with the interval that holds at every look; null while there is none.</param>
/// <param name="Problems">That it has, whatever it had before; as the overview names them.</param>
public sealed record CampaignSighting(ulong Incarnation, Verdict Verdict, Interval? Lift, ImmutableArray<string> Problems)
{
    /// <summary>Problems that last where it had them before: those and others that come later than they go. Null for none but those.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableArray<string>? Lasting { get; init; }

    /// <summary>Proposals that wait for a person.</summary>
    public ImmutableArray<Proposal> Waiting { get; init; } = [];

    /// <summary>Modules that have faded; null where nobody has looked.</summary>
    public IReadOnlyList<FadedModule>? Faded { get; init; }

    /// <summary>Impressions of the modules that were told to have faded, as far as they are watched; by <see cref="FadedModule.Name"/>.</summary>
    [JsonIgnore]
    public ImmutableDictionary<string, long> Watched { get; init; } = ImmutableDictionary<string, long>.Empty;
}
