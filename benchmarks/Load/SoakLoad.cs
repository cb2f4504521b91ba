using Flywheel.Cli.Load;

namespace Flywheel.Benchmarks.Load;

/// <summary>Decisions and signals at fixed rates.</summary>
internal static class SoakLoad
{
    private static readonly TimeSpan Slice = TimeSpan.FromSeconds(60);

    public static async Task RunAsync(HttpClient http, int decisionsPerSecond, int signalsPerSecond, TimeSpan time)
    {
        await CampaignLoad.PutAsync(http, CampaignLoad.Bench, CampaignShape.Usual);
        var bodies = new SignalBodies(await TokenMint.OpenAsync(http, CampaignLoad.Bench, CampaignShape.Usual.SegmentIds));
        using var loop = await OpenLoop.OpenAsync(http.BaseAddress!);
        using var stop = new CancellationTokenSource();
        var pacing = Task.Run(() => SignalPost.PaceAsync(http, bodies, signalsPerSecond, stop.Token));
        var all = PacedLoop.NewHistogram();
        // In slices, so that a run that ends early has said something.
        for (var left = time; left > TimeSpan.Zero; left -= Slice)
        {
            all.Add(await loop.RunAsync(decisionsPerSecond, left < Slice ? left : Slice));
            Console.WriteLine($"{(time - left).TotalMinutes:F0} min: {all.TotalCount} decisions, p50 {all.GetValueAtPercentile(50) / 1_000.0:F2} ms, p99 {all.GetValueAtPercentile(99) / 1_000.0:F2} ms, max {all.GetValueAtPercentile(100) / 1_000.0:F2} ms");
        }
        await stop.CancelAsync();
        Console.WriteLine($"{all.TotalCount / time.TotalSeconds:F0} decisions and {await pacing:F0} signals a second");
    }
}
