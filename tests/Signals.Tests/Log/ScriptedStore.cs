using System.Threading.Channels;

namespace Flywheel.Signals.Tests.Log;

/// <summary>Test double of a store: each append does the next thing of a script, then lands.</summary>
internal sealed class ScriptedStore(params Func<Task>[] script) : ISignalStore
{
    private readonly Queue<Func<Task>> _script = new(script);
    private readonly Channel<AppendBatch> _appends = Channel.CreateUnbounded<AppendBatch>();

    public int Partitions => 4;

    public long Backlog { get; set; }

    public string? Trouble { get; set; }

    /// <summary>The next batch that an append was tried with.</summary>
    public ValueTask<AppendBatch> NextAsync() => _appends.Reader.ReadAsync(TestContext.Current.CancellationToken);

    /// <summary>True where an append was tried that no one has looked at.</summary>
    public bool HasMore => _appends.Reader.TryPeek(out _);

    public Task AppendAsync(AppendBatch batch, CancellationToken cancellationToken)
    {
        _appends.Writer.TryWrite(batch);
        return _script.TryDequeue(out var step) ? step() : Task.CompletedTask;
    }

    public static Task Away() => Task.FromException(new StoreUnavailableException("scripted"));

    public Task<PartitionCheckpoint> OpenAsync(int partition, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<LogEntry>> ReadAsync(int partition, long after, int most, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<bool> CommitAsync(PartitionCommit commit, CancellationToken cancellationToken) => throw new NotSupportedException();
}
