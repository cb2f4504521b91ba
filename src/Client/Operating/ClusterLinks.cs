namespace Flywheel.Client;

/// <summary>Where more is to be seen.</summary>
public sealed record ClusterLinks
{
    /// <value>As <c>--grafana-url</c> says; null where it was not given.</value>
    public required string? Grafana { get; init; }

    /// <value>The path of the Orleans dashboard on this silo; null where it is not mounted.</value>
    public required string? Orleans { get; init; }
}
