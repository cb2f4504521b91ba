using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Flywheel.Signals.Sqlite;

/// <summary>The embedded store: the log and the counts in one SQLite file, for one process.</summary>
public sealed class SqliteSignalStore : ISignalStore, ISourceLog
{
    /// <summary>Producers that did not append for this long are forgotten; no retry is that old.</summary>
    private const long ProducerMs = 86_400_000;

    /// <summary>Quarantined records kept, a partition.</summary>
    private const int MaxQuarantined = 1_000;

    private const int PartitionShift = 44;

    private readonly SqliteDatabase _database;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<int, long> _lastOffset = new();
    private long _backlog;

    private SqliteSignalStore(SqliteDatabase database, int partitions, TimeProvider time) =>
        (_database, Partitions, _time) = (database, partitions, time);

    /// <summary>The tables of the store, for <see cref="SqliteDatabase.Open"/>.</summary>
    public static string Schema => """
        CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS log (id INTEGER PRIMARY KEY, signals INTEGER NOT NULL, body BLOB NOT NULL);
        CREATE TABLE IF NOT EXISTS producers (producer INTEGER PRIMARY KEY, sequence INTEGER NOT NULL, at_ms INTEGER NOT NULL);
        CREATE TABLE IF NOT EXISTS partitions (partition INTEGER PRIMARY KEY, epoch INTEGER NOT NULL, offset INTEGER NOT NULL, summary BLOB NOT NULL);
        CREATE TABLE IF NOT EXISTS segments (partition INTEGER, campaign TEXT, incarnation INTEGER, segment TEXT, state BLOB NOT NULL,
            PRIMARY KEY (partition, campaign, incarnation, segment)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS pages (partition INTEGER, issuer INTEGER, type INTEGER, page INTEGER, expires_ms INTEGER NOT NULL, bits BLOB NOT NULL,
            PRIMARY KEY (partition, issuer, type, page)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS ids (partition INTEGER, id BLOB, expires_ms INTEGER NOT NULL, issuer INTEGER NOT NULL, counter INTEGER NOT NULL,
            weight INTEGER NOT NULL, PRIMARY KEY (partition, id)) WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS ids_by_expiry ON ids (partition, expires_ms);
        CREATE TABLE IF NOT EXISTS sources (source TEXT, partition INTEGER, offset INTEGER NOT NULL, PRIMARY KEY (source, partition)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS quarantine (id INTEGER PRIMARY KEY, partition INTEGER NOT NULL, offset INTEGER NOT NULL, reason TEXT NOT NULL, body BLOB NOT NULL);
        """;

    public int Partitions { get; }

    public long Backlog => Interlocked.Read(ref _backlog);

    /// <summary>Opens the store in a database.</summary>
    /// <exception cref="InvalidOperationException">The store was made with another number of partitions.</exception>
    public static async Task<SqliteSignalStore> OpenAsync(SqliteDatabase database, int partitions, TimeProvider time, CancellationToken cancellationToken = default)
    {
        var store = new SqliteSignalStore(database, partitions, time);
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        await database.WriteAsync(connection =>
        {
            connection.Execute("INSERT OR IGNORE INTO meta VALUES ('partitions', @0)", partitions.ToString(CultureInfo.InvariantCulture));
            connection.Execute("DELETE FROM producers WHERE at_ms < @0", now - ProducerMs);
            var stored = connection.Scalar<string>("SELECT value FROM meta WHERE name = 'partitions'")!;
            if (int.Parse(stored, CultureInfo.InvariantCulture) != partitions)
                throw new InvalidOperationException($"This data was made with {stored} partitions; came {partitions}. Start with --partitions {stored}, or with another --data folder.");
            store._backlog = connection.Scalar<long>("SELECT COALESCE(SUM(signals), 0) FROM log");
            for (var partition = 0; partition < partitions; partition++)
                store._lastOffset[partition] = LastOffset(connection, partition);
            return true;
        }, cancellationToken);
        return store;
    }

    public async Task AppendAsync(AppendBatch batch, CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow().ToUnixTimeMilliseconds();
        var appended = await _database.WriteAsync(connection =>
        {
            var landed = connection.Execute(
                "INSERT INTO producers VALUES (@0, @1, @2) ON CONFLICT (producer) DO UPDATE SET sequence = excluded.sequence, at_ms = excluded.at_ms WHERE excluded.sequence > sequence",
                (long)batch.Producer, batch.Sequence, now);
            return landed == 0 ? 0L : Append(connection, batch.Entries);
        }, cancellationToken);
        Interlocked.Add(ref _backlog, appended);
    }

    Task<SourcePosition> ISourceLog.ReadAsync(string source, CancellationToken cancellationToken) =>
        Task.FromResult(_database.Read(connection => PositionOf(connection, source)));

    /// <summary>In one transaction: it lands in all of its partitions, or in none.</summary>
    public async Task<bool> AppendAsync(SourceBatch batch, CancellationToken cancellationToken)
    {
        var appended = await _database.WriteAsync<long?>(connection =>
        {
            var stored = PositionOf(connection, batch.From.Source);
            if (batch.Partitions.Any(partition => stored[partition] != batch.From[partition]))
                return null;
            foreach (var partition in batch.Partitions)
                connection.Execute("INSERT OR REPLACE INTO sources VALUES (@0, @1, @2)", batch.From.Source, partition, batch.To);
            return Append(connection, batch.Entries);
        }, cancellationToken);
        Interlocked.Add(ref _backlog, appended ?? 0);
        return appended is not null;
    }

    public Task<PartitionCheckpoint> OpenAsync(int partition, CancellationToken cancellationToken) =>
        _database.WriteAsync(connection =>
        {
            connection.Execute("INSERT INTO partitions VALUES (@0, 1, 0, x'') ON CONFLICT (partition) DO UPDATE SET epoch = epoch + 1", partition);
            var (epoch, offset, summary) = connection.Query(
                "SELECT epoch, offset, summary FROM partitions WHERE partition = @0", row => (row.GetInt64(0), row.GetInt64(1), row.GetFieldValue<byte[]>(2)), partition)[0];
            return new PartitionCheckpoint(
                partition, epoch, offset, summary,
                connection.Query("SELECT campaign, incarnation, segment, state FROM segments WHERE partition = @0",
                    row => KeyValuePair.Create(new SegmentId(row.GetString(0), (ulong)row.GetInt64(1), row.GetString(2)), row.GetFieldValue<byte[]>(3)), partition),
                connection.Query("SELECT issuer, type, page, expires_ms, bits FROM pages WHERE partition = @0",
                    row => KeyValuePair.Create(new PageKey((ulong)row.GetInt64(0), (ulong)row.GetInt64(1), (ulong)row.GetInt64(2)), new DedupePage(row.GetFieldValue<byte[]>(4), row.GetInt64(3))), partition),
                connection.Query("SELECT id, expires_ms, issuer, counter, weight FROM ids WHERE partition = @0",
                    row => new RememberedId(ReadId(row.GetFieldValue<byte[]>(0)), row.GetInt64(1), (ulong)row.GetInt64(2), (ulong)row.GetInt64(3), row.GetInt64(4)), partition));
        }, cancellationToken);

    public Task<IReadOnlyList<LogEntry>> ReadAsync(int partition, long after, int most, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<LogEntry>>(_database.Read(connection => connection.Query(
            "SELECT id, signals, body FROM log WHERE id > @0 AND id < @1 ORDER BY id LIMIT @2",
            row => new LogEntry(row.GetInt64(0) - RowOf(partition, 0), row.GetInt32(1), row.GetFieldValue<byte[]>(2)),
            RowOf(partition, after), RowOf(partition + 1, 0), most)));

    public async Task<bool> CommitAsync(PartitionCommit commit, CancellationToken cancellationToken)
    {
        var landed = await _database.WriteAsync(connection => Commit(connection, commit), cancellationToken);
        if (landed)
            Interlocked.Add(ref _backlog, -commit.Signals);
        return landed;
    }

    /// <summary>The records that could not be counted, newest first, for people to look at.</summary>
    public IReadOnlyList<QuarantinedRecord> Quarantined(int partition) => _database.Read(connection => connection.Query(
        "SELECT offset, reason, body FROM quarantine WHERE partition = @0 ORDER BY id DESC",
        row => new QuarantinedRecord(row.GetInt64(0), row.GetString(1), row.GetFieldValue<byte[]>(2)), partition));

    /// <summary>Returns how many signals they hold.</summary>
    private long Append(SqliteConnection connection, IReadOnlyList<PartitionEntry> entries)
    {
        var signals = 0L;
        foreach (var entry in entries)
        {
            var offset = _lastOffset.AddOrUpdate(entry.Partition, 1, (_, last) => last + 1);
            connection.Execute("INSERT INTO log VALUES (@0, @1, @2)", RowOf(entry.Partition, offset), entry.Signals, entry.Body);
            signals += entry.Signals;
        }
        return signals;
    }

    private SourcePosition PositionOf(SqliteConnection connection, string source)
    {
        var stored = connection.Query("SELECT partition, offset FROM sources WHERE source = @0", row => (Partition: row.GetInt32(0), Offset: row.GetInt64(1)), source)
            .ToDictionary(row => row.Partition, row => row.Offset);
        return new SourcePosition(source, Enumerable.Range(0, Partitions).Select(partition => stored.GetValueOrDefault(partition, SourcePosition.None)));
    }

    private static bool Commit(SqliteConnection connection, PartitionCommit commit)
    {
        var current = connection.Execute("UPDATE partitions SET offset = @0, summary = @1 WHERE partition = @2 AND epoch = @3 AND offset = @4",
            commit.ToOffset, commit.Summary, commit.Partition, commit.Epoch, commit.FromOffset);
        if (current == 0)
            return false;
        foreach (var (id, state) in commit.Segments)
            connection.Execute("INSERT OR REPLACE INTO segments VALUES (@0, @1, @2, @3, @4)", commit.Partition, id.Campaign, (long)id.Incarnation, id.Segment, state);
        foreach (var id in commit.RemovedSegments)
            connection.Execute("DELETE FROM segments WHERE partition = @0 AND campaign = @1 AND incarnation = @2 AND segment = @3", commit.Partition, id.Campaign, (long)id.Incarnation, id.Segment);
        foreach (var page in commit.Dedupe.Pages)
            connection.Execute("INSERT OR REPLACE INTO pages VALUES (@0, @1, @2, @3, @4, @5)", commit.Partition, (long)page.Key.Issuer, (long)page.Key.Type, (long)page.Key.Page, page.ExpiresAtMs, page.Bits);
        foreach (var page in commit.Dedupe.RemovedPages)
            connection.Execute("DELETE FROM pages WHERE partition = @0 AND issuer = @1 AND type = @2 AND page = @3", commit.Partition, (long)page.Issuer, (long)page.Type, (long)page.Page);
        if (commit.Dedupe.IdsExpiredUpToMs is { } expired)
            connection.Execute("DELETE FROM ids WHERE partition = @0 AND expires_ms < @1", commit.Partition, expired);
        foreach (var id in commit.Dedupe.AddedIds)
            connection.Execute("INSERT OR REPLACE INTO ids VALUES (@0, @1, @2, @3, @4, @5)", commit.Partition, WriteId(id.Id), id.ExpiresAtMs, (long)id.Issuer, (long)id.Counter, id.WeightMicros);
        Quarantine(connection, commit);
        connection.Execute("DELETE FROM log WHERE id > @0 AND id <= @1", RowOf(commit.Partition, 0), RowOf(commit.Partition, commit.ToOffset));
        return true;
    }

    private static void Quarantine(SqliteConnection connection, PartitionCommit commit)
    {
        if (commit.Quarantined.Count == 0)
            return;
        foreach (var record in commit.Quarantined)
            connection.Execute("INSERT INTO quarantine (partition, offset, reason, body) VALUES (@0, @1, @2, @3)", commit.Partition, record.Offset, record.Reason, record.Body);
        connection.Execute("DELETE FROM quarantine WHERE partition = @0 AND id NOT IN (SELECT id FROM quarantine WHERE partition = @0 ORDER BY id DESC LIMIT @1)", commit.Partition, MaxQuarantined);
    }

    private static long LastOffset(SqliteConnection connection, int partition) => Math.Max(
        connection.Scalar<long>("SELECT offset FROM partitions WHERE partition = @0", partition),
        connection.Scalar<long>("SELECT COALESCE(MAX(id), @0) - @0 FROM log WHERE id > @0 AND id < @1", RowOf(partition, 0), RowOf(partition + 1, 0)));

    private static long RowOf(int partition, long offset) => ((long)partition << PartitionShift) + offset;

    private static UInt128 ReadId(byte[] bytes) => BinaryPrimitives.ReadUInt128BigEndian(bytes);

    private static byte[] WriteId(UInt128 id)
    {
        var bytes = new byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, id);
        return bytes;
    }
}
