using System.Globalization;
using StackExchange.Redis;

namespace Flywheel.Signals.Redis;

/// <summary>
/// The store of a cluster: the log of a partition is a stream, its counts are hashes beside it, and each write is one script on
/// that partition. How its keys look and why is in docs/adr/0006-the-cluster-store-is-redis.md.
/// </summary>
public sealed class RedisSignalStore : ISignalStore, ISourceLog, IAsyncDisposable
{
    private const string Format = "1";
    private const string ReplacedTrouble = "Redis was emptied, or another took its place. Restore its data and the silos go on there by themselves, or restart them to begin anew on what is there.";
    private const int PageSize = 500;
    private const int IdsARead = 4_000;

    /// <summary>Producers that did not append for this long are forgotten; no retry is that old.</summary>
    private static readonly TimeSpan ProducerFor = TimeSpan.FromDays(1);

    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LookPatience = TimeSpan.FromSeconds(2);

    private readonly RedisDatabase _database;
    private readonly RedisKeys[] _keys;
    private readonly long[] _backlogs;
    private readonly PeriodicTimer _timer;
    private readonly TimeProvider _time;
    private readonly Task _looks;

    private string? _id;
    private string? _runs;
    private string? _trouble = "Redis has not been reached yet.";
    private bool _isReplaced;
    private long _generation;

    /// <param name="database">Where the store is; may be away.</param>
    /// <param name="partitions">Partitions of the log.</param>
    /// <param name="time">Clock.</param>
    public RedisSignalStore(RedisDatabase database, int partitions, TimeProvider time)
    {
        (_database, _time) = (database, time);
        _keys = [.. Enumerable.Range(0, partitions).Select(partition => new RedisKeys(database.Prefix, partition))];
        _backlogs = new long[partitions];
        _timer = new PeriodicTimer(LookEvery, time);
        _looks = KeepLookingAsync();
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

    public string? Trouble => IsReplaced ? ReplacedTrouble : Volatile.Read(ref _trouble);

    public long Generation => Interlocked.Read(ref _generation);

    /// <summary>
    /// Whether Redis was emptied, or another took its place, since this process found the store. Nothing is written to it then, until
    /// <see cref="PrepareAsync"/> finds the store that it was.
    /// </summary>
    public bool IsReplaced => Volatile.Read(ref _isReplaced);

    /// <summary>What is not as it should be with this Redis, in sentences; none of it keeps the store from working.</summary>
    public IReadOnlyList<RedisFinding> Warnings { get; private set; } = [];

    /// <summary>Makes the store and prepares it.</summary>
    /// <exception cref="InvalidOperationException">See <see cref="PrepareAsync"/>.</exception>
    /// <exception cref="StoreUnavailableException">Redis is away.</exception>
    public static async Task<RedisSignalStore> OpenAsync(RedisDatabase database, int partitions, TimeProvider time, CancellationToken cancellationToken = default)
    {
        var store = new RedisSignalStore(database, partitions, time);
        try
        {
            await store.PrepareAsync(cancellationToken);
            return store;
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Checks what the store depends on, see <see cref="RedisRequirements"/>, and finds the data, or makes it where there is none and
    /// there was none before. A store that was gone and has been restored is taken for one that went back to an earlier state.
    /// Until this has succeeded once, nothing is read or written.
    /// </summary>
    /// <exception cref="InvalidOperationException">This Redis cannot be relied on, lacks a part of the data, or holds that of another number of partitions.</exception>
    /// <exception cref="StoreUnavailableException">Redis is away, or not the one that was found before.</exception>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var findings = await RedisRequirements.CheckAsync(_database);
        if (findings.Any(finding => finding.IsRefusal))
            throw new InvalidOperationException(string.Join(' ', findings.Where(finding => finding.IsRefusal).Select(finding => finding.Message)));
        Warnings = findings;
        if (_id is null)
            _id = await FindAsync();
        else if (IsReplaced)
            await FindAgainAsync();
        await LookAsync();
        if (Trouble is { } trouble)
            throw new StoreUnavailableException(trouble);
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

    async Task<SourcePosition> ISourceLog.ReadAsync(string source, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var offsets = await _database.RunAsync(redis => Task.WhenAll(_keys.Select(keys => redis.HashGetAsync(keys.Sources, source))));
        return new SourcePosition(source, offsets.Select(offset => offset.IsNull ? SourcePosition.None : (long)offset));
    }

    /// <summary>A script for each partition. The source's own comes last, once the others have landed: where the end of the writes is lost, it goes first.</summary>
    public async Task<bool> AppendAsync(SourceBatch batch, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var landed = await Task.WhenAll(batch.Partitions.SkipLast(1).Select(partition => AppendAsync(partition, batch)));
        return landed.All(here => here) && await AppendAsync(batch.From.Home, batch);
    }

    public async Task<PartitionCheckpoint> OpenAsync(int partition, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var keys = _keys[partition];
        var head = (RedisValue[])(await RunAsync(RedisScripts.Open, [keys.Head, keys.Store], [Id]))!;
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

    private string Id => _id ?? throw new StoreUnavailableException("Redis has not been reached yet.");

    /// <summary>Finds the store, or makes it; returns its id.</summary>
    private async Task<string> FindAsync()
    {
        RedisKey key = _database.Prefix + "meta";
        HashEntry[] fresh = [new("format", Format), new("partitions", Partitions), new("id", $"{Guid.NewGuid():n}")];
        foreach (var field in fresh)
            await _database.RunAsync(redis => redis.HashSetAsync(key, field.Name, field.Value, When.NotExists));
        var stored = await _database.RunAsync(redis => redis.HashGetAsync(key, ["format", "partitions", "id", "made"]));
        if (stored[0] != Format)
            throw new InvalidOperationException($"The data under \"{_database.Prefix}\" is of format {stored[0]}; this version knows {Format}. Start the version that made it, or use another prefix.");
        if (stored[1] != Partitions)
            throw new InvalidOperationException($"This data was made with {stored[1]} partitions; came {Partitions}. Start with --partitions {stored[1]}, or with another prefix.");
        if (stored[3].IsNull)
        {
            await _database.RunAsync(redis => Task.WhenAll(_keys.Select(keys => redis.StringSetAsync(keys.Store, stored[2]))));
            await _database.RunAsync(redis => redis.HashSetAsync(key, "made", 1));
        }
        if (Array.FindIndex(await IdsNowAsync(), id => id != stored[2]) is var partition and >= 0)
            throw new InvalidOperationException($"Partition {partition} of the data under \"{_database.Prefix}\" is gone, others are there. Restore a backup of all of it, or use another prefix.");
        return stored[2]!;
    }

    private async Task FindAgainAsync()
    {
        if (await IdNowAsync() != _id || (await IdsNowAsync()).Any(id => id != _id))
            throw new StoreUnavailableException(ReplacedTrouble);
        Interlocked.Increment(ref _generation);
        Volatile.Write(ref _isReplaced, false);
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
        var backlog = (long)await RunAsync(
            RedisScripts.Append, [keys.Head, keys.Log, keys.Producer(batch.Producer), keys.Store],
            [Id, batch.Sequence, (long)ProducerFor.TotalMilliseconds, .. entries.SelectMany(entry => (RedisValue[])[entry.Signals, entry.Body])]);
        Volatile.Write(ref _backlogs[partition], backlog);
    }

    private async Task<bool> AppendAsync(int partition, SourceBatch batch)
    {
        var keys = _keys[partition];
        var backlog = (long)await RunAsync(
            RedisScripts.AppendSource, [keys.Head, keys.Log, keys.Sources, keys.Store],
            [Id, batch.From.Source, batch.From[partition], batch.To, .. batch.Entries.Where(entry => entry.Partition == partition).SelectMany(entry => (RedisValue[])[entry.Signals, entry.Body])]);
        if (backlog == RedisScripts.Refused)
            return false;
        Volatile.Write(ref _backlogs[partition], backlog);
        return true;
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

    private async Task<RedisResult> RunAsync(string script, RedisKey[] keys, RedisValue[] values)
    {
        try
        {
            return await _database.RunAsync(script, keys, values);
        }
        catch (StoreUnavailableException e) when (e.InnerException is RedisServerException refusal && refusal.Message.StartsWith(RedisScripts.Replaced, StringComparison.Ordinal))
        {
            throw new StoreUnavailableException(Replace(), e);
        }
    }

    private string Replace()
    {
        Volatile.Write(ref _isReplaced, true);
        return ReplacedTrouble;
    }

    private async Task KeepLookingAsync()
    {
        while (await _timer.WaitForNextTickAsync())
        {
            if (_id is not null && !IsReplaced)
                await LookAsync();
        }
    }

    /// <summary>
    /// Sees how Redis is, whether it is the same and whether it was started anew, and how many signals wait: other processes append
    /// and commit too.
    /// </summary>
    private async Task LookAsync()
    {
        try
        {
            var known = _backlogs.ToArray();
            var (id, runs, backlogs) = (IdNowAsync(), RunsAsync(), BacklogsAsync());
            await Task.WhenAll(id, runs, backlogs).WaitAsync(LookPatience, _time);
            if (await id != _id)
            {
                Replace();
                return;
            }
            if (Interlocked.Exchange(ref _runs, await runs) is { } before && before != await runs)
                Interlocked.Increment(ref _generation);
            for (var partition = 0; partition < Partitions; partition++)
            {
                // What an append or a commit was told meanwhile is newer.
                Interlocked.CompareExchange(ref _backlogs[partition], (await backlogs)[partition], known[partition]);
            }
            Volatile.Write(ref _trouble, null);
        }
        catch (Exception e)
        {
            // What it was last known to be serves until Redis is back. Whatever it was, the next look is due.
            Volatile.Write(ref _trouble, FirstPartOf(e.Message));
        }
    }

    /// <summary>What the driver says, without its counters: people read this where they look whether a silo is ready.</summary>
    private static string FirstPartOf(string message) => message.Split([';', '('], 2)[0].TrimEnd() is var said && said.StartsWith("Redis", StringComparison.Ordinal) ? said : $"Redis did not answer: {said}";

    private async Task<string?> IdNowAsync() => await _database.RunAsync(database => database.HashGetAsync(_database.Prefix + "meta", "id"));

    /// <summary>Of each partition.</summary>
    private Task<RedisValue[]> IdsNowAsync() => _database.RunAsync(redis => Task.WhenAll(_keys.Select(keys => redis.StringGetAsync(keys.Store))));

    private async Task<long[]> BacklogsAsync() =>
        [.. (await _database.RunAsync(database => Task.WhenAll(_keys.Select(keys => database.HashGetAsync(keys.Head, "backlog"))))).Select(backlog => backlog.IsNull ? 0 : (long)backlog)];

    /// <summary>Which run of each server answers; a server that was started anew may lack its latest writes.</summary>
    private Task<string> RunsAsync() => RedisDatabase.RunAsync(async () =>
    {
        var servers = _database.Connection.GetServers().Where(server => server is { IsConnected: true, IsReplica: false });
        var infos = await Task.WhenAll(servers.Select(server => server.InfoAsync("server")));
        return string.Join(' ', infos.SelectMany(info => info.SelectMany(section => section)).Where(entry => entry.Key == "run_id").Select(entry => entry.Value).Order(StringComparer.Ordinal));
    });
}
