using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Flywheel.Client;

/// <summary>A campaign at a glance.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name, or its id where it has none.</param>
/// <param name="Status"><c>live</c> or <c>paused</c>.</param>
/// <param name="DecisionsPerSecond">Of the whole cluster, smoothed over some ten seconds.</param>
/// <param name="Decisions">Exact count.</param>
/// <param name="Impressions">Exact count.</param>
/// <param name="Reward">Exact sum of weights.</param>
/// <param name="Verdict">As in <see cref="ExperimentReading"/>, of all segments together.</param>
/// <param name="SampleRatio">Likewise.</param>
/// <param name="Segments">How many it has, <c>default</c> included.</param>
/// <param name="Slots">How many it has.</param>
/// <param name="Modules">How many are served, over all slots.</param>
/// <param name="Awaiting">Proposals that wait for a person.</param>
/// <param name="AgentsStopped">Whether its agents are stopped.</param>
/// <param name="Quarantined">Signals that could not be counted.</param>
/// <param name="Problems">What is worth a person's look: <c>sampleRatio</c>, <c>quarantined</c>, <c>stalePolicy</c>. More may come.</param>
public sealed record CampaignOverview(
    string Id,
    string Name,
    [property: AllowedValues("live", "paused")] string Status,
    double DecisionsPerSecond,
    long Decisions,
    long Impressions,
    double Reward,
    [property: AllowedValues("learning", "winning", "losing", "unhealthy")] string Verdict,
    SampleRatio SampleRatio,
    int Segments,
    int Slots,
    int Modules,
    int Awaiting,
    bool AgentsStopped,
    long Quarantined,
    IReadOnlyList<string> Problems)
{
    /// <value>As in <see cref="ExperimentReading"/>, of all segments together; null where there is nothing to compare.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required Estimate? Lift { get; init; }

    /// <value>Of its brief; null where it has none.</value>
    public string? Language { get; init; }

    /// <value>True where the audience is simulated.</value>
    public bool Simulation { get; init; }

    /// <value>When the newest of its policies was made; null where nothing was learnt yet.</value>
    public DateTimeOffset? PolicyAt { get; init; }
}
