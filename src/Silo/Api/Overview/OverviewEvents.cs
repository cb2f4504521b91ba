namespace Flywheel.Silo.Api.Overview;

/// <summary>What the stream of overviews sends: the member is the data of the events of its name.</summary>
internal sealed record OverviewEvents
{
    public Client.Overview? Overview { get; init; }
}
