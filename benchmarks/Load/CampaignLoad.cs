using System.Diagnostics;
using Flywheel.Cli.Load;
using Flywheel.Client;

namespace Flywheel.Benchmarks.Load;

/// <summary>Puts campaigns.</summary>
internal static class CampaignLoad
{
    /// <summary>The campaign that decisions and signals are for.</summary>
    public const string Bench = "bench";

    private static readonly ParallelOptions Parallelism = new() { MaxDegreeOfParallelism = 16 };

    public static async Task PutAsync(HttpClient http, string id, CampaignShape shape)
    {
        await using var client = new FlywheelClient(http);
        await client.PutCampaignAsync(id, shape.ToCampaign(id));
    }

    /// <param name="withEvidence">Has each segment decide once and be clicked.</param>
    public static async Task PutManyAsync(HttpClient http, int count, bool withEvidence)
    {
        var started = Stopwatch.GetTimestamp();
        await using var client = new FlywheelClient(http);
        await Parallel.ForAsync(0, count, Parallelism, async (i, cancel) => await client.PutCampaignAsync($"c{i}", CampaignShape.Usual.ToCampaign($"c{i}"), cancel));
        Console.WriteLine($"{count} campaigns put in {Stopwatch.GetElapsedTime(started).TotalSeconds:F1} s");
        if (!withEvidence)
            return;
        await Parallel.ForAsync(0, count, Parallelism, async (i, cancel) =>
        {
            var decisions = await client.DecideManyAsync([.. CampaignShape.Usual.SegmentIds.Select(segment => new DecisionRequest($"c{i}") { Segment = segment })], cancel);
            await client.SendAsync([.. decisions.SelectMany(decision => new[] { Signal.Impression(decision.Decision!.DecisionId), Signal.Click(decision.Decision!.DecisionId) })], cancel);
        });
        Console.WriteLine($"each segment decided and clicked after {Stopwatch.GetElapsedTime(started).TotalSeconds:F1} s");
    }
}
