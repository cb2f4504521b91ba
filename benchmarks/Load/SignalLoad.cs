using System.Diagnostics;
using Flywheel.Cli.Load;
using Flywheel.Client;

namespace Flywheel.Benchmarks.Load;

/// <summary>As many signals as the engine takes: timed from the first request until the scores show the last one as counted.</summary>
internal static class SignalLoad
{
    private const int Connections = 4;

    public static async Task RunAsync(HttpClient http, int count)
    {
        await CampaignLoad.PutAsync(http, CampaignLoad.Bench, CampaignShape.Usual);
        await using var client = new FlywheelClient(http);
        var before = (await client.GetScoresAsync(CampaignLoad.Bench)).Ledger.Counted;
        var maker = new SignalBodies(await TokenMint.OpenAsync(http, CampaignLoad.Bench, CampaignShape.Usual.SegmentIds));
        var bodies = Enumerable.Range(0, (count + SignalBodies.Full - 1) / SignalBodies.Full).Select(_ => maker.Next()).ToList();
        var total = (long)bodies.Count * SignalBodies.Full;
        Console.WriteLine($"built {bodies.Count} bodies");
        var started = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(bodies, new ParallelOptions { MaxDegreeOfParallelism = Connections }, async (body, cancel) => await SignalPost.SendAsync(http, body, cancel));
        var acknowledged = Stopwatch.GetElapsedTime(started);
        while ((await client.GetScoresAsync(CampaignLoad.Bench)).Ledger.Counted < before + total)
            await Task.Delay(5);
        var counted = Stopwatch.GetElapsedTime(started);
        Console.WriteLine($"{total} signals: 202 after {acknowledged.TotalSeconds:F2} s, counted after {counted.TotalSeconds:F2} s: {total / counted.TotalSeconds:F0} a second");
    }
}
