using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Flywheel.Faults.Load;
using Flywheel.Faults.Processes;

namespace Flywheel.Faults.Scenarios;

/// <summary>Redis is there and does not answer.</summary>
public sealed class RedisStall : Scenario
{
    private const double MostSlowdown = 3;

    [Fact]
    public Task Decisions_WhileRedisStandsStill_AreAnswered() => StallAsync("Redis stalls: SIGSTOP", $"SIGSTOP {Text(Scale.Stall)}", async cluster =>
    {
        await cluster.Redis.SignalAsync("STOP");
        var from = Stopwatch.GetTimestamp();
        var seen = await LastAsync(cluster, Scale.Stall);
        var to = Stopwatch.GetTimestamp();
        await cluster.Redis.SignalAsync("CONT");
        return (from, to, seen);
    });

    [Fact]
    public Task Decisions_WhileRedisPausesItsClients_AreAnswered() => StallAsync("Redis stalls: CLIENT PAUSE", $"CLIENT PAUSE {Text(Scale.Stall)} ALL", async cluster =>
    {
        var asked = Stopwatch.GetTimestamp();
        using var connection = await PauseAsync(cluster.Redis.Port, Scale.Stall);
        var from = Stopwatch.GetTimestamp();
        var seen = await LastAsync(cluster, Scale.Stall);
        return (from, asked + (long)(Scale.Stall.TotalSeconds * Stopwatch.Frequency), seen);
    });

    /// <summary>Pauses all clients, over a connection of its own: one of the driver's takes as long to close as the pause.</summary>
    private static async Task<TcpClient> PauseAsync(int port, TimeSpan time)
    {
        var connection = new TcpClient();
        await connection.ConnectAsync(IPAddress.Loopback, port, Cancel);
        await using var command = new StreamWriter(connection.GetStream(), leaveOpen: true) { NewLine = "\r\n" };
        await command.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"CLIENT PAUSE {time.TotalMilliseconds:F0} ALL"));
        await command.FlushAsync(Cancel);
        using var answer = new StreamReader(connection.GetStream(), leaveOpen: true);
        Assert.Equal("+OK", await answer.ReadLineAsync(Cancel));
        return connection;
    }

    private static async Task StallAsync(string name, string fault, Func<Cluster, Task<(long From, long To, IReadOnlySet<string> Seen)>> stall)
    {
        await using var cluster = await StartAsync(new ClusterOptions());
        await using var load = await LoadRun.StartAsync(cluster.Silos, new LoadOptions());
        await load.ReachAsync(0.5);
        load.Probe.IsFaulted = true;
        var (from, to, seen) = await stall(cluster);
        load.Probe.IsOver = true;
        var again = await load.Watch().WorstAsync();
        await load.FinishAsync();

        Judge(name, fault, load, await load.AuditAsync(), again,
            string.Create(CultureInfo.InvariantCulture, $"of {load.Probe.Faulted.Count:N0} decisions asked meanwhile {load.Probe.FailedFaulted} failed; readiness said {string.Join(", ", seen.Order())}"));
        Assert.True(from < to, "The stall was over before anybody looked.");
        Assert.Equal(0, load.Sender.AcceptedBetween(from, to));
        var probe = load.Probe;
        // Those of the quiet time do not make up for it.
        Assert.True(probe.FailedFaulted <= MostFailed * probe.Faulted.Count, $"{probe.FailedFaulted} of the {probe.Faulted.Count} decisions asked during the stall failed; silos answered {probe.Answers}.");
        if (!Scale.IsLong)
            return;
        Assert.Contains(Health.Degraded, seen);
        var (quiet, faulted) = (probe.Quiet.Quantile(0.99), probe.Faulted.Quantile(0.99));
        Assert.True(faulted <= MostSlowdown * quiet, $"Expected a p99 of at most {MostSlowdown} × {quiet}; came {faulted}.");
    }
}
