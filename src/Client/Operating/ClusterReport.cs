using System.ComponentModel.DataAnnotations;

namespace Flywheel.Client;

/// <summary>The cluster, as one of its silos sees it.</summary>
/// <param name="AsOf">When.</param>
/// <param name="Version">Of the engine on this silo.</param>
/// <param name="StartedAt">When this silo's process started.</param>
/// <param name="UptimeSeconds">Since then.</param>
/// <param name="Status">As <c>/health/ready</c> says: <c>starting</c>, <c>ready</c>, <c>degraded</c> or <c>stopping</c>.</param>
/// <param name="Demo">Whether the engine runs its demo.</param>
/// <param name="Silos">Those of the cluster; empty while this process is no member of it.</param>
/// <param name="Partitions">Of the signal log.</param>
/// <param name="Campaigns">That this silo serves.</param>
/// <param name="DecisionsPerSecond">Of the whole cluster, smoothed over some ten seconds.</param>
/// <param name="SignalsPerSecond">Likewise: signals accepted.</param>
/// <param name="Backlog">Signals that are durable and not yet counted, of all partitions.</param>
/// <param name="BacklogLimit">Beyond it signals are turned away.</param>
/// <param name="Links">Where more is to be seen.</param>
public sealed record ClusterReport(
    DateTimeOffset AsOf,
    string Version,
    DateTimeOffset StartedAt,
    double UptimeSeconds,
    [property: AllowedValues("starting", "ready", "degraded", "stopping")] string Status,
    bool Demo,
    IReadOnlyList<SiloReport> Silos,
    IReadOnlyList<PartitionReport> Partitions,
    int Campaigns,
    double DecisionsPerSecond,
    double SignalsPerSecond,
    long Backlog,
    long BacklogLimit,
    ClusterLinks Links)
{
    /// <value>Why it answers from what it knew; null where it does not.</value>
    public required string? Degraded { get; init; }

    /// <value>When the oldest of the policies was made that campaigns with traffic are served by; null where none has traffic.</value>
    public required DateTimeOffset? OldestPolicyAt { get; init; }
}
