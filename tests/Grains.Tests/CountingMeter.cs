using System.Collections.Concurrent;
using Flywheel.Agents.Writing;
using Flywheel.Domain.Governance.Proposals;
using Flywheel.Domain.Governance.Trials;
using Flywheel.Domain.Learning;
using Flywheel.Domain.Messaging.Budgets;
using Flywheel.Grains.Campaigns;
using Flywheel.Grains.Messaging;
using Flywheel.Grains.Partitions;
using Flywheel.Grains.Segments;

namespace Flywheel.Grains.Tests;

/// <summary>Test double of the meters: it counts what it hears.</summary>
public sealed class CountingMeter : IPartitionMeter, IFitMeter, IMessagingMeter, ICampaignMeter
{
    private int _failedCommits;
    private int _fits;
    private long _tokens;

    public int FailedCommits => Volatile.Read(ref _failedCommits);

    public int Fits => Volatile.Read(ref _fits);

    /// <summary>Tokens that writing and reviewing took.</summary>
    public long Tokens => Volatile.Read(ref _tokens);

    public ConcurrentQueue<(string Task, FailureKind Kind)> ModelFailures { get; } = [];

    /// <summary>Why documents of campaigns could not be stored.</summary>
    public ConcurrentQueue<PublishRefusal> Refusals { get; } = [];

    public void Committed(int partition, SignalLedger ledger, TimeSpan elapsed)
    {
    }

    public void Opened(int partition, SignalLedger ledger)
    {
    }

    public void Left(int partition)
    {
    }

    public void Refused(PublishRefusal why) => Refusals.Enqueue(why);

    public void CommitFailed(int partition) => Interlocked.Increment(ref _failedCommits);

    public void Fitted(TimeSpan elapsed) => Interlocked.Increment(ref _fits);

    public void Waiting(int change)
    {
    }

    public void Proposed(int proposals, int blocked)
    {
    }

    public void Decided(string outcome, TimeSpan elapsed)
    {
    }

    public void Judged(TrialVerdict verdict)
    {
    }

    public void Wrote(ProposalWriter writer, ModelCost cost, bool failed) => Interlocked.Add(ref _tokens, cost.Tokens);

    public void Reviewed(ModelCost cost, bool failed) => Interlocked.Add(ref _tokens, cost.Tokens);

    public void ModelFailed(string task, FailureKind kind) => ModelFailures.Enqueue((task, kind));
}
