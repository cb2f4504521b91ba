using System.Diagnostics;
using System.Globalization;
using System.Text;
using Flywheel.Faults.Load;
using Flywheel.Faults.Processes;
using Flywheel.Faults.Reports;

namespace Flywheel.Faults.Scenarios;

/// <summary>A module is stopped through one silo while all of them serve it.</summary>
public sealed class ModuleStop : Scenario
{
    private const string Campaign = "/v1/campaigns/stopped";
    private const string Module = Campaign + "/slots/headline/modules/h1";
    private const string Served = "\"module\":\"h1\"";

    /// <summary>One of two modules: that none of 32 decisions serves it has a chance of 2 in 10¹⁰.</summary>
    private const string Document =
        """{"slots":[{"id":"headline","modules":[{"id":"h1","content":{"text":"Run lighter"}},{"id":"h2","content":{"text":"Run further"}}]}]}""";

    /// <summary>Requests to each silo after the answer, none of which may serve it.</summary>
    private const int AskedAfter = 3;

    private static readonly byte[] Batch = Encoding.UTF8.GetBytes($"{{\"decisions\":[{string.Join(',', Enumerable.Repeat("{\"campaign\":\"stopped\"}", 32))}]}}");

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Stop_ThroughOneSilo_IsServedByNoneOnceItIsAnswered()
    {
        await using var cluster = await StartAsync(new ClusterOptions { Silos = 3 });
        Assert.Equal(201, (await SendAsync(cluster.Silos[0], HttpMethod.Put, Campaign, Encoding.UTF8.GetBytes(Document))).Status);
        var stops = new List<(TimeSpan Answered, TimeSpan Gone)>();
        for (var i = 0; i < Scale.Stops; i++)
        {
            stops.Add(await StopAsync(cluster, cluster.Silos[i % cluster.Silos.Count]));
            Assert.Equal(200, (await SendAsync(cluster.Silos[(i + 1) % cluster.Silos.Count], HttpMethod.Post, Module + "/resume", default)).Status);
        }
        ReportFolder.Write("stops.csv", "answeredMs,goneMs", stops.Select(stop => string.Create(CultureInfo.InvariantCulture, $"{stop.Answered.TotalMilliseconds:F1},{stop.Gone.TotalMilliseconds:F1}")));
    }

    /// <summary>Stops it while every silo is asked without a pause; returns when that was answered, and when the last decision that served it came back, since it was sent.</summary>
    private static async Task<(TimeSpan Answered, TimeSpan Gone)> StopAsync(Cluster cluster, Member through)
    {
        var probes = cluster.Silos.Select(silo => new Probe(silo)).ToArray();
        await Task.WhenAll(probes.Select(probe => probe.SeenAsync()));
        var asking = probes.Select(probe => probe.AskAsync()).ToArray();
        var sent = Stopwatch.GetTimestamp();
        var answer = await SendAsync(through, HttpMethod.Post, Module + "/stop", default);
        var answered = Stopwatch.GetTimestamp();
        foreach (var probe in probes)
            probe.EndAfter(answered);
        await Task.WhenAll(asking);

        Assert.Equal(200, answer.Status);
        Assert.All(probes, probe => Assert.True(probe.ServedAfterAnswer == 0, $"{probe.ServedAfterAnswer} of {AskedAfter} requests to {probe.Name} served it, asked after the stop was answered."));
        var gone = probes.Max(probe => probe.LastServed);
        return (Stopwatch.GetElapsedTime(sent, answered), gone < sent ? TimeSpan.Zero : Stopwatch.GetElapsedTime(sent, gone));
    }

    private static Task<SiloAnswer> SendAsync(Member silo, HttpMethod method, string path, ReadOnlyMemory<byte> body) =>
        silo.Running.SendAsync(method, path, body, SiloCalls.Json, Limit);

    /// <summary>Asks one silo for decisions, one request after the other.</summary>
    private sealed class Probe(Member silo)
    {
        private long _answered = long.MaxValue;

        public string Name => silo.Name;

        /// <summary>When the last answer that served it came.</summary>
        public long LastServed { get; private set; }

        public int ServedAfterAnswer { get; private set; }

        public void EndAfter(long answered) => Volatile.Write(ref _answered, answered);

        public Task<TimeSpan> SeenAsync() => Patience.UntilAsync($"{Name} to serve the module", IsServedAsync);

        public async Task AskAsync()
        {
            for (var after = 0; after < AskedAfter;)
            {
                var asked = Stopwatch.GetTimestamp();
                var isServed = await IsServedAsync();
                if (isServed)
                    LastServed = Stopwatch.GetTimestamp();
                if (asked <= Volatile.Read(ref _answered))
                    continue;
                after++;
                ServedAfterAnswer += isServed ? 1 : 0;
            }
        }

        private async Task<bool> IsServedAsync()
        {
            var answer = await SendAsync(silo, HttpMethod.Post, "/v1/decisions/batch", Batch);
            return answer.Status == 200
                ? Encoding.UTF8.GetString(answer.Body).Contains(Served, StringComparison.Ordinal)
                : throw new InvalidOperationException($"{Name} answered {answer.Status}: {Encoding.UTF8.GetString(answer.Body)}");
        }
    }
}
