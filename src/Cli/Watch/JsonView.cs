using Flywheel.Cli.Terminals;

namespace Flywheel.Cli.Watch;

/// <summary>A JSON document a line, whose one member says what it is: <c>scores</c>, <c>experiment</c> or <c>connection</c>.</summary>
internal sealed class JsonView : IWatchView
{
    public void Show(WatchState state, WatchNews news) => Output.Write(new
    {
        news.Scores,
        news.Experiment,
        Connection = news.Connection is not { } connection ? null : new { connection.Campaign, connection.IsConnected, connection.Reason, RetryInSeconds = connection.RetryIn?.TotalSeconds },
    });
}
