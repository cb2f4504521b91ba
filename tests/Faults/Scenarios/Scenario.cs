using System.Diagnostics;
using System.Globalization;
using Flywheel.Faults.Load;
using Flywheel.Faults.Processes;
using Flywheel.Faults.Reports;

namespace Flywheel.Faults.Scenarios;

/// <summary>One fault, done to real processes under load. Whatever happens, each signal that got a 202 is counted once.</summary>
public abstract class Scenario
{
    /// <summary>The share of decisions that may go unanswered while no silo is healthy.</summary>
    private protected const double MostFailed = 0.0001;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);

    private protected static Scale Scale => Scale.Current;

    private protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private protected static Task<Cluster> StartAsync(ClusterOptions options) => Cluster.StartAsync(options);

    /// <summary>Lets a fault last, and says what the silos' readiness said meanwhile.</summary>
    private protected static async Task<IReadOnlySet<string>> LastAsync(Cluster cluster, TimeSpan time)
    {
        var seen = new HashSet<string>();
        for (var started = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(started) < time;)
        {
            foreach (var process in cluster.Silos.Select(silo => silo.Process).OfType<SiloProcess>())
                seen.Add(await Health.ReadAsync(process) ?? "no");
            await Task.Delay(Look, Cancel);
        }
        return seen;
    }

    /// <summary>Waits until a silo is a healthy member.</summary>
    private protected static Task RecoverAsync(Member silo) => Patience.UntilAsync(
        $"{silo.Name} to be ready without degradation", async () => await Health.ReadAsync(silo.Running) == Health.Ready, () => silo.Running.Output);

    /// <summary>Writes the report, and holds what every scenario must.</summary>
    /// <param name="name">The scenario.</param>
    /// <param name="fault">What was done.</param>
    /// <param name="load">The load, finished.</param>
    /// <param name="verdict">Its audit.</param>
    /// <param name="countsAgain">How long the worst partition took.</param>
    /// <param name="remarks">More.</param>
    /// <param name="answersDecisions">False where there may be no silo to answer.</param>
    private protected static void Judge(
        string name, string fault, LoadRun load, Verdict verdict, TimeSpan? countsAgain = null, string remarks = "", bool answersDecisions = true)
    {
        var probe = load.Probe;
        ReportFolder.Add(new ScenarioReport
        {
            Scenario = name,
            Fault = fault,
            Signals = load.Sender.Signals,
            Lost = verdict.Lost,
            Doubled = verdict.Doubled,
            CountsAgainMs = countsAgain?.TotalMilliseconds,
            Decisions = probe.Asked,
            Failed = probe.Failed,
            P99QuietMs = probe.Quiet.Quantile(0.99).TotalMilliseconds,
            P99FaultedMs = probe.Faulted.Quantile(0.99).TotalMilliseconds,
            MaxFaultedMs = probe.Faulted.Max.TotalMilliseconds,
            Remarks = remarks.Length == 0 ? $"signals {load.Sender.Answers}" : $"signals {load.Sender.Answers}; {remarks}",
        });
        Assert.True(verdict.IsExact, verdict.ToString());
        Assert.Empty(load.Sender.Complaints);
        Assert.True(load.Sender.Answers.OtherThan(202, 429, 503, SiloAnswer.Lost) == 0, $"Signals were answered with {load.Sender.Answers}.");
        Assert.True(!answersDecisions || probe.Failed <= MostFailed * probe.Asked, $"{probe.Failed} of {probe.Asked} decisions failed; silos answered {probe.Answers}.");
    }

    /// <summary>Holds a limit of the published figures; the short suite measures only.</summary>
    private protected static void WithinWhereLong(TimeSpan limit, TimeSpan time, string what) =>
        Assert.True(!Scale.IsLong || time <= limit, $"Expected {what} within {limit}; took {time}.");

    private protected static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private protected static string Text(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.#} s");
}
