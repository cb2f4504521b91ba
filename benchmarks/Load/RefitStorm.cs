using System.Diagnostics;
using Flywheel.Cli.Load;
using Flywheel.Client;

namespace Flywheel.Benchmarks.Load;

/// <summary>
/// Signals that make hundreds of segments due for a refit, several times a second: one decision of each, with its click, a round.
/// That is above the share of new evidence that a refit is left out for, for as long as a segment has fewer than a hundred clicks.
/// </summary>
internal sealed class RefitStorm(HttpClient http)
{
    private const string Campaign = "storm";

    private static readonly CampaignShape Shape = new(3, 8, 500);
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(200);

    private List<byte[]> _rounds = [];

    /// <summary>Makes a fresh campaign and the signals for a storm of this length.</summary>
    public async Task PrepareAsync(TimeSpan time)
    {
        await using var client = new FlywheelClient(http);
        await client.DeleteCampaignAsync(Campaign);
        await client.PutCampaignAsync(Campaign, Shape.ToCampaign(Campaign));
        var bodies = new SignalBodies(await TokenMint.OpenAsync(http, Campaign, Shape.SegmentIds), clickEvery: 1);
        _rounds = [.. Enumerable.Range(0, (int)(time / Every)).Select(_ => bodies.Next())];
    }

    public async Task RunAsync()
    {
        var started = Stopwatch.GetTimestamp();
        for (var round = 0; round < _rounds.Count; round++)
        {
            if (Every * round - Stopwatch.GetElapsedTime(started) is { Ticks: > 0 } wait)
                await Task.Delay(wait);
            await SignalPost.SendAsync(http, _rounds[round]);
        }
    }
}
