using System.Globalization;
using StackExchange.Redis;

namespace Flywheel.Signals.Redis;

/// <summary>
/// The store of a cluster: the log of a partition is a stream, its counts are hashes beside it, and each write is one script on
/// that partition. How its keys look and why is in docs/adr/0006-the-cluster-store-is-redis.md.
/// </summary>
public sealed class RedisSignalStore : ISignalStore, IAsyncDisposable
{
    private const string Format = "1";
    private const int PageSize = 500;
    private const int IdsARead = 4_000;

    /// <summary>Producers that did not append for this long are forgotten; no retry is that old.</summary>
    private static readonly TimeSpan ProducerFor = TimeSpan.FromDays(1);

    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly RedisDatabase _database;
    private readonly RedisKeys[] _keys;
    private readonly long[] _backlogs;
    private readonly PeriodicTimer _timer;
    private Task _looks = Task.CompletedTask;

    private RedisSignalStore(RedisDatabase database, int partitions, IReadOnlyList<RedisFinding> warnings, TimeProvider time)
    {
        (_database, Warnings) = (database, warnings);
        _keys = [.. Enumerable.Range(0, partitions).Select(partition => new RedisKeys(database.Prefix, partition))];
        _backlogs = new long[partitions];
        _timer = new PeriodicTimer(LookEvery, time);
    }

    public int Partitions => _keys.Length;

    /// <summary>As of this process' last write to each partition, or of a look at all of them every second.</summary>
    public long Backlog
    {
        get
        {
            var sum = 0L;
            for (var partition = 0; partition < _backlogs.Length; partition++)
                sum += Volatile.Read(ref _backlogs[partition]);
            return sum;
        }
    }

    /// <summary>What is not as it should be with this Redis, in sentences; none of it keeps the store from working.</summary>
    public IReadOnlyList<RedisFinding> Warnings { get; }

    /// <summary>Checks what the store depends on, see <see cref="RedisRequirements"/>, and opens it.</summary>
    /// <exception cref="InvalidOperationException">This Redis cannot be relied on, or holds the data of another number of partitions.</exception>
    /// <exception cref="StoreUnavailableException">Redis is away.</exception>
    public static async Task<RedisSignalStore> OpenAsync(RedisDatabase database, int partitions, TimeProvider time, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var findings = await RedisRequirements.CheckAsync(database);
        if (findings.Any(finding => finding.IsRefusal))
            throw new InvalidOperationException(string.Join(' ', findings.Where(finding => finding.IsRefusal).Select(finding => finding.Message)));
        await CheckMetaAsync(database, partitions);
        var store = new RedisSignalStore(database, partitions, findings, time);
        await store.LookAsync();
        store._looks = store.KeepLookingAsync();
        return store;
    }

    public async ValueTask DisposeAsync()
    {
        _timer.Dispose();
        await _looks;
    }

    public Task AppendAsync(AppendBatch batch, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.WhenAll(batch.Entries.GroupBy(entry => entry.Partition).Select(group => AppendAsync(group.Key, batch, [.. group])));
    }

    public async Task<PartitionCheckpoint> OpenAsync(int partition, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var keys = _keys[partition];
        var head = (RedisValue[])(await _database.RunAsync(RedisScripts.Open, [keys.Head], []))!;
        var checkpoint = new PartitionCheckpoint(
            partition, (long)head[0], (long)head[1], (byte[]?)head[2] ?? [],
            await ReadSegmentsAsync(keys), await ReadPagesAsync(keys), await ReadIdsAsync(keys, head[3].IsNull ? 0 : (long)head[3]));
        // From the new epoch on no older owner changed what was read; a newer one may have.
        if (await _database.RunAsync(database => database.HashGetAsync(keys.Head, "epoch")) != head[0])
            throw new StoreUnavailableException($"Partition {partition} was taken over by another owner while it was read.");
        return checkpoint;
    }

    public async Task<IReadOnlyList<LogEntry>> ReadAsync(int partition, long after, int most, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var first = string.Create(CultureInfo.InvariantCulture, $"{after + 1}-0");
        var entries = await _database.RunAsync(database => database.StreamRangeAsync(_keys[partition].Log, first, count: most));
        return [.. entries.Select(entry => new LogEntry(OffsetOf(entry.Id!), (int)entry["signals"], (byte[]?)entry["body"] ?? []))];
    }

    public async Task<bool> CommitAsync(PartitionCommit commit, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var keys = _keys[commit.Partition];
        var backlog = (long)await _database.RunAsync(
            RedisScripts.Commit, [keys.Head, keys.Log, keys.Segments, keys.Pages, keys.Ids, keys.Quarantine], ArgumentsOf(commit));
        if (backlog == RedisScripts.Refused)
            return false;
        Volatile.Write(ref _backlogs[commit.Partition], backlog);
        return true;
    }

    /// <summary>The records that could not be counted, newest first, for people to look at.</summary>
    public async Task<IReadOnlyList<QuarantinedRecord>> QuarantinedAsync(int partition)
    {
        var records = await _database.RunAsync(database => database.ListRangeAsync(_keys[partition].Quarantine));
        return [.. records.Select(record => RedisCodec.ReadRecord((byte[])record!))];
    }

    private static async Task CheckMetaAsync(RedisDatabase database, int partitions)
    {
        RedisKey key = database.Prefix + "meta";
        await database.RunAsync(redis => redis.HashSetAsync(key, "format", Format, When.NotExists));
        await database.RunAsync(redis => redis.HashSetAsync(key, "partitions", partitions, When.NotExists));
        var stored = await database.RunAsync(redis => redis.HashGetAsync(key, ["format", "partitions"]));
        if (stored[0] != Format)
            throw new InvalidOperationException($"The data under \"{database.Prefix}\" is of format {stored[0]}; this version knows {Format}. Start the version that made it, or use another prefix.");
        if (stored[1] != partitions)
            throw new InvalidOperationException($"This data was made with {stored[1]} partitions; came {partitions}. Start with --partitions {stored[1]}, or with another prefix.");
    }

    private static RedisValue[] ArgumentsOf(PartitionCommit commit) =>
    [
        commit.Epoch, commit.FromOffset, commit.ToOffset, commit.Signals, commit.Summary, commit.Dedupe.IdsExpiredUpToMs ?? RedisValue.EmptyString,
        2 * commit.Segments.Count, .. commit.Segments.SelectMany(segment => (RedisValue[])[RedisCodec.WriteSegmentName(segment.Key), segment.Value]),
        commit.RemovedSegments.Count, .. commit.RemovedSegments.Select(id => (RedisValue)RedisCodec.WriteSegmentName(id)),
        2 * commit.Dedupe.Pages.Count, .. commit.Dedupe.Pages.SelectMany(page => (RedisValue[])[RedisCodec.WritePageName(page.Key), RedisCodec.WritePage(page)]),
        commit.Dedupe.RemovedPages.Count, .. commit.Dedupe.RemovedPages.Select(key => (RedisValue)RedisCodec.WritePageName(key)),
        2 * commit.Dedupe.AddedIds.Count, .. commit.Dedupe.AddedIds.SelectMany(id => (RedisValue[])[id.ExpiresAtMs, RedisCodec.WriteId(id)]),
        commit.Quarantined.Count, .. commit.Quarantined.Select(record => (RedisValue)RedisCodec.WriteRecord(record)),
    ];

    private static long OffsetOf(string id) => long.Parse(id.AsSpan(0, id.IndexOf('-', StringComparison.Ordinal)), CultureInfo.InvariantCulture);

    private async Task AppendAsync(int partition, AppendBatch batch, PartitionEntry[] entries)
    {
        var keys = _keys[partition];
        var backlog = (long)await _database.RunAsync(
            RedisScripts.Append, [keys.Head, keys.Log, keys.Producer(batch.Producer)],
            [batch.Sequence, (long)ProducerFor.TotalMilliseconds, .. entries.SelectMany(entry => (RedisValue[])[entry.Signals, entry.Body])]);
        Volatile.Write(ref _backlogs[partition], backlog);
    }

    private Task<KeyValuePair<SegmentId, byte[]>[]> ReadSegmentsAsync(RedisKeys keys) =>
        ReadAsync(keys.Segments, entry => KeyValuePair.Create(RedisCodec.ReadSegmentName((byte[])entry.Name!), (byte[])entry.Value!));

    private Task<KeyValuePair<PageKey, DedupePage>[]> ReadPagesAsync(RedisKeys keys) =>
        ReadAsync(keys.Pages, entry => KeyValuePair.Create(RedisCodec.ReadPageName((byte[])entry.Name!), RedisCodec.ReadPage((byte[])entry.Value!)));

    /// <summary>Reads a hash by parts, so that no reply is without bound. A scan may name a field twice.</summary>
    private Task<KeyValuePair<TKey, TValue>[]> ReadAsync<TKey, TValue>(RedisKey key, Func<HashEntry, KeyValuePair<TKey, TValue>> read)
        where TKey : notnull => _database.RunAsync(async database =>
        {
            var fields = new Dictionary<TKey, TValue>();
            await foreach (var entry in database.HashScanAsync(key, pageSize: PageSize))
            {
                var (name, value) = read(entry);
                fields[name] = value;
            }
            return fields.ToArray();
        });

    /// <param name="expired">Ids that count as expiring before this are yet to be removed.</param>
    private Task<List<RememberedId>> ReadIdsAsync(RedisKeys keys, long expired) => _database.RunAsync(async database =>
    {
        var ids = new List<RememberedId>();
        for (var first = await database.SortedSetLengthAsync(keys.Ids, double.NegativeInfinity, expired, Exclude.Stop); ; first += IdsARead)
        {
            var part = await database.SortedSetRangeByRankAsync(keys.Ids, first, first + IdsARead - 1);
            ids.AddRange(part.Select(id => RedisCodec.ReadId((byte[])id!)));
            if (part.Length < IdsARead)
                return ids;
        }
    });

    private async Task KeepLookingAsync()
    {
        while (await _timer.WaitForNextTickAsync())
        {
            try
            {
                await LookAsync();
            }
            catch (StoreUnavailableException)
            {
                // What it was last known to be serves until Redis is back.
            }
        }
    }

    /// <summary>Other processes append and commit too: what they leave waiting counts as well.</summary>
    private async Task LookAsync()
    {
        var backlogs = await _database.RunAsync(database => Task.WhenAll(_keys.Select(keys => database.HashGetAsync(keys.Head, "backlog"))));
        for (var partition = 0; partition < backlogs.Length; partition++)
            Volatile.Write(ref _backlogs[partition], backlogs[partition].IsNull ? 0 : (long)backlogs[partition]);
    }
}
