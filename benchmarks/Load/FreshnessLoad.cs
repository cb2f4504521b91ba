using System.Diagnostics;
using Flywheel.Cli.Load;
using Flywheel.Client;
using HdrHistogram;

namespace Flywheel.Benchmarks.Load;

/// <summary>
/// From the 202 of signals until decisions come from a policy that knows them. Probes go to segments of their own, in which they are
/// far more than the evidence that a refit is left out for; nothing else gives those a new policy.
/// </summary>
internal static class FreshnessLoad
{
    private const string Probed = "probe";
    private const int Segments = 200;
    private const int DecisionsAProbe = 30;

    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan PollEvery = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <param name="signalsPerSecond">What goes on beside the probes; 0 for nothing.</param>
    public static async Task RunAsync(HttpClient http, int signalsPerSecond, TimeSpan time)
    {
        var shape = CampaignShape.Usual with { Segments = Segments };
        await CampaignLoad.PutAsync(http, CampaignLoad.Bench, CampaignShape.Usual);
        await CampaignLoad.PutAsync(http, Probed, shape);
        await using var client = new FlywheelClient(http);
        var probes = new SignalBodies(await TokenMint.OpenAsync(http, Probed, shape.SegmentIds));
        var background = new SignalBodies(await TokenMint.OpenAsync(http, CampaignLoad.Bench, CampaignShape.Usual.SegmentIds));
        using var stop = new CancellationTokenSource();
        var pacing = signalsPerSecond > 0 ? Task.Run(() => SignalPost.PaceAsync(http, background, signalsPerSecond, stop.Token)) : Task.FromResult(0.0);
        var histogram = new LongConcurrentHistogram(1, (long)Patience.TotalMicroseconds, 3);
        var (started, running, segments) = (Stopwatch.GetTimestamp(), new List<Task>(), shape.SegmentIds.ToList());
        for (var i = 0; Stopwatch.GetElapsedTime(started) < time; i++)
        {
            // A segment comes round again after ten seconds; its probe is over by then.
            var segment = i % Segments;
            running.Add(ProbeAsync(http, client, segments[segment], probes.Of(segment, DecisionsAProbe), histogram));
            if (Every * (i + 1) - Stopwatch.GetElapsedTime(started) is { Ticks: > 0 } wait)
                await Task.Delay(wait);
        }
        await Task.WhenAll(running);
        await stop.CancelAsync();
        var rate = await pacing;
        Console.WriteLine($"{histogram.TotalCount} probes beside {rate:F0} signals a second: p50 {Ms(50):F0} ms, p99 {Ms(99):F0} ms, max {Ms(100):F0} ms");

        double Ms(double percentile) => histogram.GetValueAtPercentile(percentile) / 1_000.0;
    }

    private static async Task ProbeAsync(HttpClient http, FlywheelClient client, string segment, byte[] body, LongConcurrentHistogram histogram)
    {
        var request = new DecisionRequest(Probed) { Segment = segment };
        var before = (await client.DecideAsync(request))!.PolicyVersion;
        await SignalPost.SendAsync(http, body);
        var accepted = Stopwatch.GetTimestamp();
        while ((await client.DecideAsync(request))!.PolicyVersion <= before)
        {
            if (Stopwatch.GetElapsedTime(accepted) > Patience)
                throw new TimeoutException($"The policy of {Probed}/{segment} is still version {before}, {Patience.TotalSeconds} s after its signals were accepted.");
            await Task.Delay(PollEvery);
        }
        histogram.RecordValue((long)Stopwatch.GetElapsedTime(accepted).TotalMicroseconds);
    }
}
