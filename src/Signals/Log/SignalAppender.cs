using System.Diagnostics;
using System.Threading.Channels;

namespace Flywheel.Signals;

/// <summary>
/// Groups the entries of concurrent requests into one append at a time. While one append is on its way to the disk the next
/// group gathers, so the group grows with the load and a lone request waits for nobody.
/// </summary>
public sealed class SignalAppender : IAsyncDisposable
{
    /// <summary>Signals that may wait, to be appended or to be counted, before new ones are turned away, unless told otherwise.</summary>
    public const int DefaultMaxBacklog = 4_000_000;

    private const int MaxWaiting = 10_000;
    private const int MaxEntries = 1_024;
    private const int MaxTries = 3;

    /// <summary>Of the requests that a group is made of, those that its span links to.</summary>
    private const int MaxLinks = 16;

    private static readonly ActivitySource Source = new("Flywheel.Signals");

    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(200);

    /// <summary>How long a caller waits for a store that does not answer before it is told that the store is away.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    private readonly Channel<Waiting> _waiting = Channel.CreateBounded<Waiting>(new BoundedChannelOptions(MaxWaiting) { SingleReader = true });
    private readonly ISignalStore _store;
    private readonly Action<IReadOnlySet<int>> _appended;
    private readonly Action<TimeSpan, int> _measured;
    private readonly TimeProvider _time;
    private readonly ulong _producer;
    private readonly long _maxBacklog;
    private readonly Task _loop;
    private long _sequence;
    private long _waitingSignals;

    /// <param name="store">Where to append.</param>
    /// <param name="producer">Identifies this process run.</param>
    /// <param name="appended">Told which partitions have something new; must not block.</param>
    /// <param name="measured">Told how long an append took and how many signals it held.</param>
    /// <param name="time">Clock.</param>
    /// <param name="maxBacklog">Signals that may wait, to be appended or to be counted, before new ones are turned away.</param>
    public SignalAppender(
        ISignalStore store, ulong producer, Action<IReadOnlySet<int>> appended, Action<TimeSpan, int> measured, TimeProvider time, long maxBacklog = DefaultMaxBacklog)
    {
        (_store, _producer, _appended, _measured, _time, _maxBacklog) = (store, producer, appended, measured, time, maxBacklog);
        _loop = Task.Run(AppendLoopAsync);
    }

    /// <summary>True while the store answers and an append would be <see cref="AppendOutcome.BacklogFull"/>: what is not read yet need not be.</summary>
    public bool IsFull => _store.Trouble is null && _store.Backlog + Interlocked.Read(ref _waitingSignals) > _maxBacklog;

    /// <summary>Appends entries as one: once this says <see cref="AppendOutcome.Durable"/>, all of them are.</summary>
    public Task<AppendOutcome> AppendAsync(IReadOnlyList<PartitionEntry> entries)
    {
        if (entries.Count == 0)
            return Task.FromResult(AppendOutcome.Durable);
        if (_store.Trouble is not null)
            return Task.FromResult(AppendOutcome.StoreAway);
        var waiting = new Waiting(entries);
        if (_store.Backlog + Interlocked.Add(ref _waitingSignals, waiting.Signals) - waiting.Signals <= _maxBacklog && _waiting.Writer.TryWrite(waiting))
            return waiting.Outcome.Task;
        Interlocked.Add(ref _waitingSignals, -waiting.Signals);
        return Task.FromResult(AppendOutcome.BacklogFull);
    }

    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _loop;
    }

    private async Task AppendLoopAsync()
    {
        // Whoever made this may have been a request that is traced; what others append is not its doing.
        Activity.Current = null;
        var group = new List<Waiting>();
        while (await _waiting.Reader.WaitToReadAsync())
        {
            var entries = new List<PartitionEntry>();
            while (entries.Count < MaxEntries && _waiting.Reader.TryRead(out var waiting))
            {
                group.Add(waiting);
                entries.AddRange(waiting.Entries);
            }
            using var span = Begin(group);
            var outcome = await AppendGroupAsync(new AppendBatch(_producer, ++_sequence, entries));
            if (outcome != AppendOutcome.Durable)
                span?.SetStatus(ActivityStatusCode.Error);
            foreach (var waiting in group)
            {
                Interlocked.Add(ref _waitingSignals, -waiting.Signals);
                waiting.Outcome.SetResult(outcome);
            }
            group.Clear();
        }
    }

    /// <summary>A span for the group, below the first request in it that is traced, with links to the others. Null where none is.</summary>
    private static Activity? Begin(List<Waiting> group)
    {
        var traced = group.Where(waiting => waiting.Trace.TraceFlags.HasFlag(ActivityTraceFlags.Recorded)).Take(MaxLinks).Select(waiting => waiting.Trace).ToList();
        return traced.Count == 0 ? null : Source.StartActivity("signals append", ActivityKind.Internal, traced[0], links: traced.Skip(1).Select(trace => new ActivityLink(trace)));
    }

    private async Task<AppendOutcome> AppendGroupAsync(AppendBatch batch)
    {
        // Known to be away: those who queued behind an append that was given up need not wait as long themselves.
        if (_store.Trouble is not null)
            return AppendOutcome.StoreAway;
        var first = _time.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var started = _time.GetTimestamp();
                // An append that is given up may still land, before the next one or not at all: who sends again is counted once.
                await _store.AppendAsync(batch, CancellationToken.None).WaitAsync(Patience - _time.GetElapsedTime(first), _time);
                _measured(_time.GetElapsedTime(started), batch.Entries.Sum(entry => entry.Signals));
                _appended(batch.Entries.Select(entry => entry.Partition).ToHashSet());
                return AppendOutcome.Durable;
            }
            catch (StoreUnavailableException) when (attempt < MaxTries && _store.Trouble is null && _time.GetElapsedTime(first) + RetryAfter < Patience)
            {
                await Task.Delay(RetryAfter, _time);
            }
            catch (Exception)
            {
                // Whatever it was, those who wait get an answer and the next group its turn.
                return AppendOutcome.StoreAway;
            }
        }
    }

    private sealed record Waiting(IReadOnlyList<PartitionEntry> Entries)
    {
        public int Signals { get; } = Entries.Sum(entry => entry.Signals);

        public ActivityContext Trace { get; } = Activity.Current?.Context ?? default;

        public TaskCompletionSource<AppendOutcome> Outcome { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
