using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using Flywheel.Faults.Load;
using Flywheel.Faults.Processes;

namespace Flywheel.Faults.Scenarios;

/// <summary>
/// Everything in Redis is thrown away under running silos. They fence themselves and go on answering decisions; a silo that starts
/// afterwards begins anew, alone until the others are started again. Where the data is restored instead, they go on with it.
/// </summary>
public sealed class RedisEmptied : Scenario
{
    private static readonly TimeSpan FencedWithin = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);
    private static readonly byte[] Decision = Encoding.UTF8.GetBytes("""{"campaign":"before-1"}""");
    private static readonly byte[] Campaign = Encoding.UTF8.GetBytes("""{"slots":[{"id":"headline","modules":[{"id":"h1","content":{"text":"x"}}]}]}""");

    [Fact]
    public async Task Silos_AfterRedisWasEmptied_FenceThemselves()
    {
        await using var cluster = await StartAsync(new ClusterOptions());
        await using var before = await LoadRun.StartAsync(cluster.Silos, new LoadOptions { Name = "before", Signals = Scale.Signals / 3 });
        await before.ReachAsync(1);
        before.Probe.IsFaulted = true;
        await cluster.Redis.ExecuteAsync("FLUSHALL");
        var emptied = Stopwatch.GetTimestamp();
        await Patience.UntilAsync("every silo to refuse every write", () => AllRefuseAsync(cluster.Silos));
        var fenced = Stopwatch.GetElapsedTime(emptied);
        var fencedAt = Stopwatch.GetTimestamp();

        // The old ones run on beside the new one, with their load still on them.
        await cluster.Silos[0].KillAsync();
        await cluster.Silos[0].StartAsync();
        await using var after = await LoadRun.StartAsync([cluster.Silos[0]], new LoadOptions { Name = "after", Signals = Scale.Signals / 3 });
        await after.ReachAsync(0.5);
        Assert.True(await AllRefuseAsync(cluster.Silos.Skip(1)), "An old silo took a write beside the new cluster.");
        await before.DisposeAsync();
        foreach (var old in cluster.Silos.Skip(1))
        {
            await old.TerminateAsync();
            await old.StartAsync();
        }
        await after.FinishAsync();

        var verdict = await after.AuditAsync();
        foreach (var silo in cluster.Silos)
            await Patience.UntilAsync($"{silo.Name} to have the new scores", () => HasScoresAsync(silo, after));
        Judge("Redis emptied", "FLUSHALL; a new silo beside the old ones; they restarted", after, verdict, null,
            $"fenced after {Text(fenced)}, {before.Probe.Failed} of {before.Probe.Asked} decisions failed there", answersDecisions: false);
        Assert.Equal(0, before.Probe.Failed);
        Assert.True(fenced <= FencedWithin, $"Expected every write to be refused within {FencedWithin}; took {fenced}.");
        Assert.Equal(0, before.Sender.AcceptedBetween(fencedAt, long.MaxValue));
    }

    [Fact]
    public async Task Silos_AfterRedisWasRestored_GoOnByThemselves()
    {
        await using var cluster = await StartAsync(new ClusterOptions());
        await using var load = await LoadRun.StartAsync(cluster.Silos, new LoadOptions { Name = "before", Signals = Scale.Signals / 3 });
        await load.FinishAsync();
        var kept = new FileInfo(cluster.Redis.AppendOnlyFile).Length;
        await cluster.Redis.ExecuteAsync("FLUSHALL");
        await Patience.UntilAsync("every silo to refuse every write", () => AllRefuseAsync(cluster.Silos));

        cluster.Redis.Kill();
        await using (var file = File.OpenWrite(cluster.Redis.AppendOnlyFile))
            file.SetLength(kept);
        await cluster.Redis.RestartAsync();
        foreach (var silo in cluster.Silos)
            await RecoverAsync(silo);

        Judge("Redis restored", "FLUSHALL; the append-only file up to it put back", load, await load.AuditAsync());
        Assert.Equal(202, (await SignalAsync(cluster.Silos[0])).Status);
    }

    private static async Task<bool> AllRefuseAsync(IEnumerable<Member> silos)
    {
        foreach (var silo in silos)
        {
            var answer = await silo.Running.SendAsync(HttpMethod.Put, "v1/campaigns/fenced", Campaign, SiloCalls.Json, Timeout);
            var signal = await SignalAsync(silo);
            if (answer.Status != 503 || signal.Status != 503)
                return false;
        }
        return true;
    }

    /// <summary>Sends a signal for a decision of this very silo, which it answers as long as it lives.</summary>
    private static async Task<SiloAnswer> SignalAsync(Member silo)
    {
        var decision = await silo.Running.SendAsync(HttpMethod.Post, "v1/decisions", Decision, SiloCalls.Json, Timeout);
        Assert.True(decision.Status == 200, $"{silo.Name} answered a decision with {decision.Status}; it wrote {silo.Running.Output}");
        var id = JsonNode.Parse(decision.Body)!["decisionId"]!.GetValue<string>();
        var body = Encoding.UTF8.GetBytes($$"""{"decisionId":"{{id}}","type":"impression"}""");
        return await silo.Running.SendAsync(HttpMethod.Post, "v1/signals", body, SiloCalls.Json, Timeout);
    }

    private static async Task<bool> HasScoresAsync(Member silo, LoadRun load)
    {
        try
        {
            var scores = await silo.Running.Client.GetScoresAsync(load.Workload.Campaigns[0], Cancel);
            var expected = load.Oracle.Segments.Where(segment => segment.Campaign == scores.Campaign).Sum(segment => segment.Signals);
            return scores.Ledger.Counted == expected;
        }
        catch (Client.FlywheelException)
        {
            return false;
        }
    }
}
