using System.Collections.Immutable;
using Flywheel.Domain.Experiments;
using Flywheel.Domain.Governance.Proposals;
using Flywheel.Domain.Scoring;

namespace Flywheel.Domain.Webhooks;

/// <summary>How a campaign stands at one look.</summary>
/// <param name="Incarnation">The life of the campaign.</param>
/// <param name="Verdict">Of its experiment, all segments together.</param>
/// <param name="Lift">Relative, with the interval that holds at every look; null while there is none.</param>
/// <param name="Problems">As the overview names them.</param>
public sealed record CampaignSighting(ulong Incarnation, Verdict Verdict, Interval? Lift, ImmutableArray<string> Problems)
{
    /// <summary>Proposals that wait for a person.</summary>
    public ImmutableArray<Proposal> Waiting { get; init; } = [];

    /// <summary>Modules that have faded; null where nobody has looked.</summary>
    public IReadOnlyList<FadedModule>? Faded { get; init; }
}
