using System.Globalization;
using Flywheel.Cli.Load;
using HdrHistogram;

namespace Flywheel.Benchmarks.Load;

/// <summary>Decisions at a fixed rate, in turns without and with a storm of refits; writes both distributions and prints a table.</summary>
internal static class LatencyLoad
{
    private const int TicksPerHalfDistance = 5;
    private const double UsPerMs = 1_000;

    private static readonly double[] Percentiles = [50, 99, 99.9, 99.99, 100];
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(2);

    /// <param name="folder">Takes <c>quiet.hgrm</c> and <c>storm.hgrm</c>, as HdrHistogram prints them, in milliseconds.</param>
    public static async Task RunAsync(HttpClient http, int perSecond, TimeSpan time, int pairs, string folder)
    {
        await CampaignLoad.PutAsync(http, CampaignLoad.Bench, CampaignShape.Usual);
        using var loop = await OpenLoop.OpenAsync(http.BaseAddress!);
        var storm = new RefitStorm(http);
        var (quiet, stormy, refits, seconds) = (PacedLoop.NewHistogram(), PacedLoop.NewHistogram(), 0.0, 0.0);
        await loop.RunAsync(perSecond, time);
        for (var pair = 0; pair < pairs; pair++)
        {
            await storm.PrepareAsync(time);
            await Task.Delay(Settle);
            quiet.Add(await loop.RunAsync(perSecond, time));
            var (refitsBefore, secondsBefore) = await RefitsAsync(http);
            var raging = storm.RunAsync();
            stormy.Add(await loop.RunAsync(perSecond, time));
            var (refitsAfter, secondsAfter) = await RefitsAsync(http);
            refits += refitsAfter - refitsBefore;
            seconds += secondsAfter - secondsBefore;
            await raging;
        }
        Write(quiet, Path.Combine(folder, "quiet.hgrm"));
        Write(stormy, Path.Combine(folder, "storm.hgrm"));
        Console.WriteLine($"| decisions at {perSecond} a second | p50 | p99 | p99.9 | p99.99 | max |");
        Console.WriteLine("|---|---|---|---|---|---|");
        Console.WriteLine(Row("quiet", quiet));
        Console.WriteLine(Row($"{refits / (pairs * time.TotalSeconds):F0} refits a second beside them, {1_000 * seconds / refits:F1} ms each", stormy));
    }

    private static string Row(string name, LongHistogram histogram) =>
        $"| {name} | {string.Join(" | ", Percentiles.Select(percentile => $"{histogram.GetValueAtPercentile(percentile) / UsPerMs:F2} ms"))} |";

    private static void Write(LongHistogram histogram, string path)
    {
        using var file = new StreamWriter(path);
        histogram.OutputPercentileDistribution(file, TicksPerHalfDistance, UsPerMs);
    }

    private static async Task<(double Count, double Seconds)> RefitsAsync(HttpClient http)
    {
        var lines = (await http.GetStringAsync(new Uri("metrics", UriKind.Relative))).Split('\n');
        return (Read("flywheel_fit_seconds_count"), Read("flywheel_fit_seconds_sum"));

        double Read(string metric) => lines.Where(line => line.StartsWith(metric, StringComparison.Ordinal)).Sum(line => double.Parse(line.Split(' ')[^1], CultureInfo.InvariantCulture));
    }
}
