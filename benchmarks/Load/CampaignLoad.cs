using System.Diagnostics;
using System.Text.Json.Nodes;
using Flywheel.Client;

namespace Flywheel.Benchmarks.Load;

/// <summary>Campaigns of 3 slots × 4 modules × 5 segments, the default among them.</summary>
internal static class CampaignLoad
{
    private const int Parallel = 16;

    private static readonly string[] Segments = ["s1", "s2", "s3", "s4"];

    public static async Task RunAsync(HttpClient http, int count)
    {
        var started = Stopwatch.GetTimestamp();
        await System.Threading.Tasks.Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = Parallel }, async (i, _) => await PutAsync(http, $"c{i}"));
        Console.WriteLine($"{count} campaigns put in {Stopwatch.GetElapsedTime(started).TotalSeconds:F1} s");
        await using var client = new FlywheelClient(http);
        await System.Threading.Tasks.Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = Parallel }, async (i, cancel) =>
        {
            foreach (var segment in Segments.Append("default"))
            {
                if (await client.DecideAsync(new DecisionRequest($"c{i}") { Segment = segment }, cancel) is { } decision)
                    await client.SendAsync([Signal.Impression(decision.DecisionId), Signal.Click(decision.DecisionId)], cancel);
            }
        });
        Console.WriteLine($"each segment decided and clicked after {Stopwatch.GetElapsedTime(started).TotalSeconds:F1} s");
    }

    public static async Task PutAsync(HttpClient http, string id)
    {
        await using var client = new FlywheelClient(http);
        await client.PutCampaignAsync(id, new Campaign
        {
            Name = $"Benchmark {id}",
            Slots = [.. Enumerable.Range(0, 3).Select(slot => new Slot($"slot{slot}", [.. Enumerable.Range(0, 4).Select(module => Module.Text($"m{module}", $"Text number {module} of slot {slot}"))]))],
            Segments = [.. Segments.Select((segment, i) => new Segment(segment, new JsonObject { ["age"] = new JsonObject { ["lt"] = (i + 2) * 10 } }))],
        });
    }
}
