using Flywheel.Client;

namespace Flywheel.Faults.Load;

/// <summary>Asks for decisions by the hundred, for signals to be about.</summary>
internal sealed class DecisionFeed(Workload workload, SiloRing ring, LoadOptions options)
{
    private const int Many = 200;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly Random _random = new(options.Seed + 1);

    /// <summary>Decisions of all campaigns and segments; asks until a silo gives them.</summary>
    public async Task<IEnumerable<Decision>> TakeAsync(CancellationToken cancellationToken)
    {
        var requests = Enumerable.Range(0, Many).Select(_ => Request()).ToList();
        while (true)
        {
            foreach (var silo in ring.Next())
            {
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                limit.CancelAfter(Timeout);
                try
                {
                    return (await silo.Client.DecideManyAsync(requests, limit.Token)).Select(result => result.Decision).OfType<Decision>();
                }
                catch (Exception e) when (e is FlywheelException or OperationCanceledException or ObjectDisposedException)
                {
                    // The next silo, then.
                }
            }
            await Task.Delay(Pause, cancellationToken);
        }
    }

    private DecisionRequest Request()
    {
        var isLate = _random.NextDouble() < options.Mix.Late;
        var campaign = isLate ? workload.Late : workload.Campaigns[_random.Next(workload.Campaigns.Count)];
        return new DecisionRequest(campaign) { Segment = Workload.Segments[_random.Next(Workload.Segments.Count)] };
    }
}
