using System.Diagnostics;
using Flywheel.Client;

namespace Flywheel.Faults.Load;

/// <summary>
/// How long until every segment, and with it every partition that has one, counts again. A segment does once its scores hold more
/// impressions than had been sent when the watch began: then one that was sent later is among them, and all before it.
/// </summary>
internal sealed class CountingWatch(Workload workload, Oracle oracle, SiloRing ring)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(1);

    private readonly long _began = Stopwatch.GetTimestamp();
    private readonly Dictionary<(string Campaign, string Segment), long> _missing = oracle.Segments
        .Where(segment => workload.Campaigns.Contains(segment.Campaign)).ToDictionary(segment => (segment.Campaign, segment.Segment), segment => segment.SentImpressions);

    /// <summary>Waits for the last of them; returns how long it took from the beginning of the watch.</summary>
    public async Task<TimeSpan> WorstAsync()
    {
        await Patience.UntilAsync("every segment to count again", LookAsync, () => $"none for {string.Join(", ", _missing.Keys)}");
        return Stopwatch.GetElapsedTime(_began);
    }

    private async Task<bool> LookAsync()
    {
        foreach (var campaign in _missing.Keys.Select(key => key.Campaign).Distinct().ToList())
        {
            foreach (var segment in (await ScoresAsync(campaign))?.Segments ?? [])
            {
                if (_missing.TryGetValue((campaign, segment.Id), out var sent) && segment.Impressions > sent)
                    _missing.Remove((campaign, segment.Id));
            }
        }
        return _missing.Count == 0;
    }

    private async Task<Scores?> ScoresAsync(string campaign)
    {
        foreach (var silo in ring.Next())
        {
            using var limit = new CancellationTokenSource(Timeout);
            try
            {
                return await silo.Client.GetScoresAsync(campaign, limit.Token);
            }
            catch (Exception e) when (e is FlywheelException or OperationCanceledException or ObjectDisposedException)
            {
                // The next silo, then.
            }
        }
        return null;
    }
}
