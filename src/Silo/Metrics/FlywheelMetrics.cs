using Flywheel.Agents.Writing;
using Flywheel.Decisions;
using Flywheel.Domain.Governance.Proposals;
using Flywheel.Domain.Governance.Trials;
using Flywheel.Domain.Learning;
using Flywheel.Domain.Messaging.Budgets;
using Flywheel.Grains.Messaging;
using Flywheel.Grains.Partitions;
using Flywheel.Grains.Replicas;
using Flywheel.Grains.Segments;
using Flywheel.Signals;
using Flywheel.Silo.Hosting;
using Prometheus;

namespace Flywheel.Silo.Metrics;

/// <summary>What an operator watches. Labels are bounded: outcomes, reasons, at most 64 partitions and 50 campaigns (<see cref="CampaignMetrics"/>).</summary>
public sealed class FlywheelMetrics : IPartitionMeter, IFitMeter, IMessagingMeter
{
    private static readonly double[] Seconds = Histogram.ExponentialBuckets(0.0001, 2, 17);
    private static readonly string[] LedgerOutcomes = ["accepted", "counted", "duplicate", "late", "quarantined"];

    /// <summary>One decision in as many is timed: it costs nothing then, and there are enough.</summary>
    private const int TimedOneIn = 64;

    private static readonly double[] DecisionSeconds = Histogram.ExponentialBuckets(0.000_001, 2, 16);

    [ThreadStatic]
    private static int _untimed;

    private readonly Counter.Child _learned;
    private readonly Counter.Child _control;
    private readonly Counter.Child _fallback;
    private readonly Counter _signals;
    private readonly Counter _events;
    private readonly Gauge _ledger;
    private readonly Counter _leases;
    private readonly Counter _servedReports;
    private readonly Counter _servedLocally;
    private readonly Counter _leasedRefused;
    private readonly Histogram _append;
    private readonly Histogram _commit;
    private readonly Histogram _fit;
    private readonly Gauge _fitsWaiting;
    private readonly Counter _commitsFailed;
    private readonly Gauge _owned;
    private readonly Counter _proposals;
    private readonly Histogram _proposalDecision;
    private readonly Histogram _decision;
    private readonly Counter _trials;
    private readonly Counter _writing;
    private readonly Counter _reviews;
    private readonly Counter _modelFailures;
    private readonly Counter _tokens;
    private readonly Counter _cost;
    private readonly Counter _rollbacks;

    public FlywheelMetrics(CollectorRegistry registry)
    {
        var factory = Prometheus.Metrics.WithCustomRegistry(registry);
        var decisions = factory.CreateCounter("flywheel_decisions_total", "Decisions served, by reason.", "reason");
        (_learned, _control, _fallback) = (decisions.WithLabels("learned"), decisions.WithLabels("control"), decisions.WithLabels("fallback"));
        _decision = factory.CreateHistogram("flywheel_decision_seconds", "Time to decide and to write the answer, of one decision in 64, without the time on the wire.", new HistogramConfiguration { Buckets = DecisionSeconds });
        _signals = factory.CreateCounter("flywheel_signals_total", "Signals received, by what the caller was told: accepted (202), rejected, busy (429), away (503). A request that is turned away as a whole counts as one.", "outcome");
        _events = factory.CreateCounter("flywheel_cloudevents_total", "Of the signals received over HTTP, those that came as CloudEvents, by what the caller was told.", "outcome");
        _ledger = factory.CreateGauge("flywheel_ledger_signals", "What became of accepted signals, over all time: accepted = counted + duplicate + late + quarantined.", "partition", "outcome");
        _leases = factory.CreateCounter("flywheel_leases_total", "Leases given to clients that decide locally.");
        _servedReports = factory.CreateCounter("flywheel_served_rows_total", "Rows of reports of locally served decisions, by what the caller was told: accepted (202), rejected, busy (429), away (503).", "outcome");
        _servedLocally = factory.CreateCounter("flywheel_local_decisions_total", "Decisions that clients reported as served locally; a report that came again is in it again.");
        _leasedRefused = factory.CreateCounter("flywheel_lease_tokens_rejected_total", "Signals refused because their decision claims a lease that did not sign it, or does not allow it.");
        _append = factory.CreateHistogram("flywheel_append_seconds", "Time of a durable append of a group of signals.", new HistogramConfiguration { Buckets = Seconds });
        _commit = factory.CreateHistogram("flywheel_commit_seconds", "Time of an atomic commit of a partition.", new HistogramConfiguration { Buckets = Seconds });
        _fit = factory.CreateHistogram("flywheel_fit_seconds", "Time of a refit of a segment.", new HistogramConfiguration { Buckets = Seconds });
        _fitsWaiting = factory.CreateGauge("flywheel_fits_waiting", "Segments that wait for their refit; rises where more are due than the silo can fit.");
        _owned = factory.CreateGauge("flywheel_partition_owned", "1 where this silo owns the partition, 0 where it did.", "partition");
        _commitsFailed = factory.CreateCounter("flywheel_commits_failed_total", "Commits that were refused or whose outcome is unknown; the partition starts again from the store.");
        _proposals = factory.CreateCounter("flywheel_proposals_total", "Proposals, by what became of them: proposed, blocked by a guardrail, then approved by a person, auto (approved by the engine), rejected, revised.", "outcome");
        _proposalDecision = factory.CreateHistogram("flywheel_proposal_decision_seconds", "From a proposal to the decision on it.", new HistogramConfiguration { Buckets = Histogram.ExponentialBuckets(1, 4, 11) });
        _trials = factory.CreateCounter("flywheel_trials_total", "Trials of approved modules that ended, by their outcome: promoted, retired, rolledBack.", "outcome");
        _writing = factory.CreateCounter("flywheel_writing_total", "Answers of writers: done or failed.", "writer", "outcome");
        _reviews = factory.CreateCounter("flywheel_reviews_total", "Reviews by the language model: done or failed.", "outcome");
        _modelFailures = factory.CreateCounter("flywheel_model_failures_total", "Requests to the language model without an answer that could be used, by what it was to do (write, review) and why not.", "task", "kind");
        _tokens = factory.CreateCounter("flywheel_writing_tokens_total", "Tokens read and written by the language model, reviews and failures included.");
        _cost = factory.CreateCounter("flywheel_writing_cost_total", "What the language model cost, in the currency that its prices are in.");
        _rollbacks = factory.CreateCounter("flywheel_policy_rollbacks_total", "Rollbacks of policies that were asked for at this silo: done or refused.", "outcome");
        Begin();
    }

    /// <summary>Every series is there at 0 before its first event, so that a rate sees that event too.</summary>
    private void Begin()
    {
        foreach (var outcome in (string[])["accepted", "rejected", "busy", "away"])
        {
            _signals.WithLabels(outcome);
            _events.WithLabels(outcome);
            _servedReports.WithLabels(outcome);
        }
        foreach (var outcome in (string[])["proposed", "blocked", "approved", "auto", "rejected", "revised"])
            _proposals.WithLabels(outcome);
        foreach (var outcome in (string[])["promoted", "retired", "rolledBack"])
            _trials.WithLabels(outcome);
        foreach (var outcome in (string[])["done", "failed"])
        {
            _writing.WithLabels("offline", outcome);
            _writing.WithLabels("model", outcome);
            _reviews.WithLabels(outcome);
        }
        foreach (var outcome in (string[])["done", "refused"])
            _rollbacks.WithLabels(outcome);
        foreach (var kind in Enum.GetValues<FailureKind>())
        {
            _modelFailures.WithLabels("write", NameOf(kind));
            _modelFailures.WithLabels("review", NameOf(kind));
        }
    }

    public void Decided(Group group, bool isFallback) => (group == Group.Control ? _control : isFallback ? _fallback : _learned).Inc();

    /// <summary>Whether this decision is to be timed.</summary>
    public static bool IsTimed() => ++_untimed % TimedOneIn == 0;

    public void DecisionTook(TimeSpan elapsed) => _decision.Observe(elapsed.TotalSeconds);

    /// <param name="outcome">accepted, rejected, busy or away.</param>
    /// <param name="signals">How many.</param>
    public void Received(string outcome, int signals) => _signals.WithLabels(outcome).Inc(signals);

    /// <summary>Some of these came as CloudEvents.</summary>
    /// <param name="outcome">accepted, rejected, busy or away.</param>
    /// <param name="signals">How many.</param>
    public void ReceivedEvents(string outcome, int signals) => _events.WithLabels(outcome).Inc(signals);

    /// <param name="outcome">done or refused.</param>
    public void RolledBack(string outcome) => _rollbacks.WithLabels(outcome).Inc();

    /// <summary>A lease was given.</summary>
    public void Leased() => _leases.Inc();

    public void LeasedRefused(int signals) => _leasedRefused.Inc(signals);

    /// <param name="outcome">accepted, busy or away.</param>
    /// <param name="rows">Rows that were good.</param>
    /// <param name="rejected">Rows that were not.</param>
    /// <param name="decisions">Decisions of the good rows.</param>
    public void ServedLocally(string outcome, int rows, int rejected, long decisions)
    {
        _servedReports.WithLabels(outcome).Inc(rows);
        _servedReports.WithLabels("rejected").Inc(rejected);
        if (outcome == "accepted")
            _servedLocally.Inc(decisions);
    }

    public void Appended(TimeSpan elapsed) => _append.Observe(elapsed.TotalSeconds);

    public void Fitted(TimeSpan elapsed) => _fit.Observe(elapsed.TotalSeconds);

    public void Waiting(int change) => _fitsWaiting.Inc(change);

    public void Committed(int partition, SignalLedger ledger, TimeSpan elapsed)
    {
        _commit.Observe(elapsed.TotalSeconds);
        Opened(partition, ledger);
    }

    public void Opened(int partition, SignalLedger ledger)
    {
        _owned.WithLabels(NameOf(partition)).Set(1);
        long[] figures = [ledger.Accepted, ledger.Counted, ledger.Duplicate, ledger.Late, ledger.Quarantined];
        for (var i = 0; i < figures.Length; i++)
            _ledger.WithLabels(NameOf(partition), LedgerOutcomes[i]).Set(figures[i]);
    }

    public void Left(int partition)
    {
        // The ledger goes with the partition: its new owner tells it, and a sum over silos counts it once.
        _owned.WithLabels(NameOf(partition)).Set(0);
        foreach (var outcome in LedgerOutcomes)
            _ledger.RemoveLabelled(NameOf(partition), outcome);
    }

    public void CommitFailed(int partition) => _commitsFailed.Inc();

    public void Proposed(int proposals, int blocked)
    {
        _proposals.WithLabels("proposed").Inc(proposals);
        _proposals.WithLabels("blocked").Inc(blocked);
    }

    public void Decided(string outcome, TimeSpan elapsed)
    {
        _proposals.WithLabels(outcome).Inc();
        _proposalDecision.Observe(Math.Max(0, elapsed.TotalSeconds));
    }

    public void Judged(TrialVerdict verdict) => _trials.WithLabels(verdict switch
    {
        TrialVerdict.Promote => "promoted",
        TrialVerdict.RollBack => "rolledBack",
        _ => "retired",
    }).Inc();

    public void Wrote(ProposalWriter writer, ModelCost cost, bool failed)
    {
        _writing.WithLabels(writer == ProposalWriter.Offline ? "offline" : "model", failed ? "failed" : "done").Inc();
        Spent(cost);
    }

    public void Reviewed(ModelCost cost, bool failed)
    {
        _reviews.WithLabels(failed ? "failed" : "done").Inc();
        Spent(cost);
    }

    public void ModelFailed(string task, FailureKind kind) => _modelFailures.WithLabels(task, NameOf(kind)).Inc();

    private void Spent(ModelCost cost)
    {
        _tokens.Inc(cost.Tokens);
        _cost.Inc(cost.MoneyMicros / 1e6);
    }

    private static string NameOf(FailureKind kind) => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(kind.ToString());

    private static string NameOf(int partition) => partition.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Adds the figures that are read off when Prometheus asks.</summary>
    internal static void AddReadings(CollectorRegistry registry, FlywheelOptions options, CampaignReplica replica, ISignalStore store, CrowdedTenants crowded, Readiness readiness, TimeProvider time)
    {
        var factory = Prometheus.Metrics.WithCustomRegistry(registry);
        var backlog = factory.CreateGauge("flywheel_backlog_signals", "Signals that are durable and not yet counted.");
        factory.CreateGauge("flywheel_backlog_limit_signals", "The backlog beyond which signals get 429.").Set(options.MaxBacklog);
        factory.CreateGauge("flywheel_partitions", "Partitions of the log; the same on all silos.").Set(options.Partitions);
        factory.CreateGauge("flywheel_processors", "Processors that this silo may use. rate(process_cpu_seconds_total) divided by it is the share in use.").Set(Environment.ProcessorCount);
        var degraded = factory.CreateGauge("flywheel_degraded", "1 while this silo answers from what it knew, because the store is away or it is no member of its cluster.");
        var up = factory.CreateGauge("flywheel_store_up", "1 while the store answers.");
        var crowding = factory.CreateGauge("flywheel_crowded_tenants",
            "Tenants whose share of a partition's memory for duplicates is nearly taken, so that signals get 429; one counts once for each partition and kind of memory.");
        registry.AddBeforeCollectCallback(() =>
        {
            crowding.Set(crowded.Count);
            degraded.Set(readiness.Degraded is null ? 0 : 1);
            up.Set(store.Trouble is null ? 1 : 0);
            backlog.Set(store.Backlog);
        });
        _ = new CampaignMetrics(registry, replica, time);
    }
}
