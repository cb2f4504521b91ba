using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Flywheel.Client;

namespace Flywheel.Cli.Watch;

/// <summary>All that is heard of a campaign, in the order in which it came: its scores, what learning gains, and how the connection does.</summary>
internal sealed class WatchFeed(FlywheelClient engine, string campaign, string? segment)
{
    /// <summary>News that may wait to be shown; a reader that lags holds the stream up.</summary>
    private const int MostWaiting = 64;

    private static readonly TimeSpan ExperimentEvery = TimeSpan.FromSeconds(2);

    private readonly Channel<WatchNews> _news = Channel.CreateBounded<WatchNews>(MostWaiting);
    private volatile bool _hasChanged;

    /// <summary>Ends when the campaign is gone.</summary>
    /// <exception cref="FlywheelException">The engine refuses.</exception>
    public async IAsyncEnumerable<WatchNews> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        engine.StreamConnectionChanged += OnConnection;
        Task[] tasks = [ScoresAsync(stop.Token), ExperimentsAsync(stop.Token)];
        try
        {
            await foreach (var news in _news.Reader.ReadAllAsync(cancellationToken))
                yield return news;
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(tasks);
            engine.StreamConnectionChanged -= OnConnection;
        }
    }

    private void OnConnection(object? sender, StreamConnection connection) => _news.Writer.TryWrite(new WatchNews { Connection = connection });

    private async Task ScoresAsync(CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var scores in engine.StreamScoresAsync(campaign, segment, cancellationToken))
            {
                await _news.Writer.WriteAsync(new WatchNews { Scores = scores }, cancellationToken);
                _hasChanged = true;
            }
            _news.Writer.TryComplete();
        }
        catch (Exception e) when (e is OperationCanceledException or FlywheelException)
        {
            _news.Writer.TryComplete(e);
        }
    }

    /// <summary>The stream has no verdicts, so they are read again where the scores moved.</summary>
    private async Task ExperimentsAsync(CancellationToken cancellationToken)
    {
        try
        {
            for (; ; await Task.Delay(ExperimentEvery, cancellationToken))
            {
                if (!_hasChanged)
                    continue;
                _hasChanged = false;
                try
                {
                    await _news.Writer.WriteAsync(new WatchNews { Experiment = await engine.GetExperimentAsync(campaign, cancellationToken: cancellationToken) }, cancellationToken);
                }
                catch (FlywheelException e) when (e.IsTransient || e.Status == System.Net.HttpStatusCode.NotFound)
                {
                    // The stream says that the engine is away, or the campaign gone.
                    _hasChanged = true;
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or FlywheelException or ChannelClosedException)
        {
            _news.Writer.TryComplete(e is ChannelClosedException ? null : e);
        }
    }
}
