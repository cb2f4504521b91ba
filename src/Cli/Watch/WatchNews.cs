using Flywheel.Client;

namespace Flywheel.Cli.Watch;

/// <summary>Something that was heard of a campaign; one of the three is there.</summary>
internal sealed record WatchNews
{
    public Scores? Scores { get; init; }
    public Experiment? Experiment { get; init; }
    public StreamConnection? Connection { get; init; }
}
