using Flywheel.Client;

namespace Flywheel.Cli.Watch;

/// <summary>What is known of a campaign by now.</summary>
internal sealed class WatchState
{
    public Scores? Scores { get; private set; }
    public Experiment? Experiment { get; private set; }
    public Movement Movement { get; } = new();

    /// <value>Null while the connection holds, or before there was one.</value>
    public StreamConnection? Lost { get; private set; }

    public void Apply(WatchNews news)
    {
        if (news.Scores is { } scores)
        {
            Movement.Add(scores);
            Scores = scores;
        }
        Experiment = news.Experiment ?? Experiment;
        if (news.Connection is { } connection)
            Lost = connection.IsConnected ? null : connection;
    }

    public ExperimentReading? ReadingOf(string segment) => Experiment?.Segments.FirstOrDefault(each => each.Id == segment);
}
