using System.Threading.Channels;
using Microsoft.Data.Sqlite;

namespace Flywheel.Signals.Sqlite;

/// <summary>
/// One SQLite file with one writer. Writes that arrive together share a transaction, so that each of them is on disk when it
/// returns (WAL, <c>synchronous=FULL</c>) at a fraction of a disk flush each.
/// </summary>
public sealed class SqliteDatabase : IAsyncDisposable
{
    private const int MaxQueued = 4_096;
    private const int MaxShared = 256;

    private readonly Channel<Write> _writes = Channel.CreateBounded<Write>(new BoundedChannelOptions(MaxQueued) { SingleReader = true });
    private readonly SqliteConnection _writer;
    private readonly string _connectionString;
    private readonly Task _loop;

    private SqliteDatabase(string connectionString, SqliteConnection writer)
    {
        (_connectionString, _writer) = (connectionString, writer);
        _loop = Task.Factory.StartNew(WriteLoopAsync, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();
    }

    /// <summary>Opens or makes the file, and its tables where they are missing.</summary>
    public static SqliteDatabase Open(string path, params ReadOnlySpan<string> schema)
    {
        var connectionString = new SqliteConnectionStringBuilder { DataSource = path, Pooling = true }.ToString();
        var writer = new SqliteConnection(connectionString);
        writer.Open();
        writer.Execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA journal_size_limit=67108864; PRAGMA wal_autocheckpoint=4000;");
        foreach (var statement in schema)
            writer.Execute(statement);
        return new SqliteDatabase(connectionString, writer);
    }

    /// <summary>Runs a write; durable once this returns. Writes of one transaction stand or fall together with the commit.</summary>
    public async Task<T> WriteAsync<T>(Func<SqliteConnection, T> work, CancellationToken cancellationToken)
    {
        var write = new Write<T>(work);
        try
        {
            await _writes.Writer.WriteAsync(write, cancellationToken);
        }
        catch (ChannelClosedException e)
        {
            throw new StoreUnavailableException("The store is closed.", e);
        }
        return await write.Completion.Task;
    }

    /// <summary>Runs a read of what is committed, on a connection of its own.</summary>
    public T Read<T>(Func<SqliteConnection, T> work)
    {
        try
        {
            using var connection = new SqliteConnection(_connectionString);
            connection.Open();
            return work(connection);
        }
        catch (SqliteException e)
        {
            throw new StoreUnavailableException($"The store cannot be read: {e.Message}", e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _writes.Writer.TryComplete();
        await _loop;
        await _writer.DisposeAsync();
        SqliteConnection.ClearPool(new SqliteConnection(_connectionString));
    }

    private async Task WriteLoopAsync()
    {
        var shared = new List<Write>(MaxShared);
        while (await _writes.Reader.WaitToReadAsync())
        {
            while (shared.Count < MaxShared && _writes.Reader.TryRead(out var write))
                shared.Add(write);
            if (!TryRun(shared))
            {
                foreach (var write in shared)
                    TryRun([write]);
            }
            foreach (var write in shared)
                write.Complete();
            shared.Clear();
        }
    }

    /// <summary>Runs writes in one transaction. False, and nothing changed, where one of several failed: each then runs alone.</summary>
    private bool TryRun(IReadOnlyList<Write> writes)
    {
        try
        {
            _writer.Execute("BEGIN IMMEDIATE");
            foreach (var write in writes)
                write.Run(_writer);
            _writer.Execute("COMMIT");
            return true;
        }
        catch (Exception e)
        {
            RollBack();
            if (writes.Count > 1)
                return false;
            writes[0].Fail(e is SqliteException ? new StoreUnavailableException($"The store cannot be written: {e.Message}", e) : e);
            return true;
        }
    }

    private void RollBack()
    {
        try
        {
            _writer.Execute("ROLLBACK");
        }
        catch (SqliteException)
        {
            // The failure itself has ended the transaction (a full disk does).
        }
    }

    private abstract class Write
    {
        public abstract void Run(SqliteConnection connection);

        public abstract void Fail(Exception exception);

        public abstract void Complete();
    }

    private sealed class Write<T>(Func<SqliteConnection, T> work) : Write
    {
        private T? _result;
        private Exception? _failure;

        public TaskCompletionSource<T> Completion { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override void Run(SqliteConnection connection) => _result = work(connection);

        public override void Fail(Exception exception) => _failure = exception;

        public override void Complete()
        {
            if (_failure is null)
                Completion.SetResult(_result!);
            else
                Completion.SetException(_failure);
        }
    }
}
