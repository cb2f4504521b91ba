using System.Globalization;
using System.Text;
using Flywheel.Signals.Redis;
using Flywheel.Signals.Tests.Golden;
using StackExchange.Redis;

namespace Flywheel.Signals.Tests.Redis;

/// <summary>
/// What a partition looks like in Redis, whole, as commands that make it: names of keys and fields, and the stored forms. The
/// file is never regenerated: a new format gets a new number and a new file.
/// </summary>
public sealed class RedisFormatTests(RedisServer server) : IClassFixture<RedisServer>, IAsyncLifetime
{
    private const string Epoch = "1777000000000000";
    private const string Offset = "1777000000000001";

    /// <summary>Places in a line of the golden file; the value also where it is the member of a sorted set.</summary>
    private const int Name = 2;
    private const int Value = 3;

    private static readonly SegmentId Default = new("spring", 7, "default");
    private static readonly SegmentId Young = new("spring", 7, "young");
    private static readonly StoredPage Page = new(new PageKey(0x0102030405060708, RewardRules.ImpressionKey, 1), 1_777_003_600_000, GoldenFiles.Read("page"));
    private static readonly RememberedId Id = new(new UInt128(5, 6), 1_777_003_600_000, 0x0102030405060708, 4_097, -5);
    private static readonly QuarantinedRecord Record = new(3, "the record cannot be read", [1, 2, 255]);

    private readonly string _prefix = $"{Guid.NewGuid():n}:";
    private RedisDatabase _database = null!;
    private RedisSignalStore _store = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private IDatabase Redis => _database.Connection.GetDatabase();

    public async ValueTask InitializeAsync()
    {
        _database = await server.ConnectAsync(_prefix);
        _store = await RedisSignalStore.OpenAsync(_database, 2, TimeProvider.System, Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        if (_store is not null)
            await _store.DisposeAsync();
        if (_database is not null)
            await _database.DisposeAsync();
    }

    [Fact]
    public async Task Commit_OfEveryPart_WritesTheGoldenPartition()
    {
        var open = await _store.OpenAsync(1, Cancel);
        Assert.True(await _store.CommitAsync(new PartitionCommit(
            1, open.Epoch, 0, 35, 0, GoldenFiles.Read("summary"),
            [new(Default, GoldenFiles.Read("segment-default-2")), new(Young, GoldenFiles.Read("segment-young-2"))], [],
            new DedupeChanges([Page], [], [Id], null), [Record]), Cancel));
        await _store.AppendAsync(new AppendBatch(0x0A0B0C0D0E0F1011, 12, [new PartitionEntry(1, GoldenFiles.EntrySignals, GoldenFiles.Read("entry"))]), Cancel);
        var offset = (await _store.ReadAsync(1, 0, 10, Cancel)).Single().Offset.ToString(CultureInfo.InvariantCulture);

        var written = (await DumpAsync()).Replace(offset, Offset, StringComparison.Ordinal).Replace(Text(offset), Text(Offset), StringComparison.Ordinal)
            .Replace(Text(open.Epoch.ToString(CultureInfo.InvariantCulture)), Text(Epoch), StringComparison.Ordinal);

        Assert.Equal(Encoding.UTF8.GetString(GoldenFiles.Read("redis-partition")), written);
    }

    [Fact]
    public async Task Open_OfTheGoldenPartition_ReadsEveryPart()
    {
        await RestoreAsync(Golden());

        var stored = await _store.OpenAsync(1, Cancel);
        var entry = Assert.Single(await _store.ReadAsync(1, stored.Offset, 10, Cancel));

        Assert.True(stored.Epoch > long.Parse(Epoch, CultureInfo.InvariantCulture));
        Assert.Equal((35, Convert.ToHexString(GoldenFiles.Read("summary"))), (stored.Offset, Convert.ToHexString(stored.Summary.Span)));
        Assert.Equal(
            [(Default, Convert.ToHexString(GoldenFiles.Read("segment-default-2"))), (Young, Convert.ToHexString(GoldenFiles.Read("segment-young-2")))],
            stored.Segments.Select(segment => (segment.Key, Convert.ToHexString(segment.Value))).OrderBy(segment => segment.Key.Segment, StringComparer.Ordinal));
        Assert.Equal((Page.Key, Page.ExpiresAtMs, Convert.ToHexString(Page.Bits)), stored.Pages.Select(page => (page.Key, page.Value.ExpiresAtMs, Convert.ToHexString(page.Value.ToBytes()))).Single());
        Assert.Equal([Id], stored.Ids);
        Assert.Equal((Record.Offset, Record.Reason, Convert.ToHexString(Record.Body)), (await _store.QuarantinedAsync(1)).Select(record => (record.Offset, record.Reason, Convert.ToHexString(record.Body))).Single());
        Assert.Equal((GoldenFiles.EntrySignals, Convert.ToHexString(GoldenFiles.Read("entry"))), (entry.Signals, Convert.ToHexString(entry.Body.Span)));

        await _store.AppendAsync(new AppendBatch(0x0A0B0C0D0E0F1011, 12, [new PartitionEntry(1, 1, [1])]), Cancel);
        Assert.Single(await _store.ReadAsync(1, 0, 10, Cancel));
        await _store.AppendAsync(new AppendBatch(0x0A0B0C0D0E0F1011, 13, [new PartitionEntry(1, 1, [1])]), Cancel);
        Assert.Equal(GoldenFiles.EntrySignals + 1, _store.Backlog);
    }

    [Theory]
    [InlineData("segments", Name)]
    [InlineData("pages", Name)]
    [InlineData("pages", Value)]
    [InlineData("ids", Value)]
    public async Task Open_OfWhatIsCut_SaysSo(string key, int part)
    {
        var line = Golden().First(line => line[1] == $"{{1}}:{key}");
        line[part] = line[part][..^2];
        await RestoreAsync([line]);

        var error = await Assert.ThrowsAsync<InvalidDataException>(() => _store.OpenAsync(1, Cancel));

        Assert.Contains("is damaged", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pages")]
    [InlineData("ids")]
    public async Task Open_OfAnUnknownFormat_SaysSo(string key)
    {
        var line = Golden().First(line => line[1] == $"{{1}}:{key}");
        line[Value] = "63" + line[Value][2..];
        await RestoreAsync([line]);

        var error = await Assert.ThrowsAsync<InvalidDataException>(() => _store.OpenAsync(1, Cancel));

        Assert.Contains("of a format that this version does not know", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_OfDataOfAnotherFormat_SaysWhatToDo()
    {
        await Redis.HashSetAsync(_prefix + "meta", "format", "2");
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => RedisSignalStore.OpenAsync(_database, 2, TimeProvider.System, Cancel));
        Assert.Contains("is of format 2; this version knows 1", error.Message, StringComparison.Ordinal);
    }

    private static string Text(string text) => Convert.ToHexString(Encoding.UTF8.GetBytes(text));

    private static IEnumerable<string[]> Golden() => Encoding.UTF8.GetString(GoldenFiles.Read("redis-partition")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' '));

    /// <summary>One command a line: name, key, and what is stored, in hexadecimal but for numbers that Redis itself reads.</summary>
    private async Task<string> DumpAsync()
    {
        var lines = new List<string>();
        foreach (var name in (string[])["head", "pages", "segments"])
        {
            foreach (var field in await Redis.HashGetAllAsync($"{_prefix}{{1}}:{name}"))
                lines.Add($"HSET {{1}}:{name} {Hex(field.Name)} {Hex(field.Value)}");
        }
        foreach (var id in await Redis.SortedSetRangeByRankWithScoresAsync(_prefix + "{1}:ids"))
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"ZADD {{1}}:ids {id.Score:F0} {Hex(id.Element)}"));
        foreach (var record in await Redis.ListRangeAsync(_prefix + "{1}:quarantine"))
            lines.Add($"RPUSH {{1}}:quarantine {Hex(record)}");
        foreach (var entry in await Redis.StreamRangeAsync(_prefix + "{1}:log"))
            lines.Add($"XADD {{1}}:log {entry.Id} {string.Join(' ', entry.Values.Select(value => $"{Hex(value.Name)} {Hex(value.Value)}"))}");
        lines.Add($"SET {{1}}:producer:0a0b0c0d0e0f1011 {Hex(await Redis.StringGetAsync(_prefix + "{1}:producer:0a0b0c0d0e0f1011"))}");
        return string.Concat(lines.Order(StringComparer.Ordinal).Select(line => line + "\n"));
    }

    private async Task RestoreAsync(IEnumerable<string[]> lines)
    {
        foreach (var line in lines)
        {
            var plain = line[0] is "ZADD" or "XADD" ? 1 : 0;
            await Redis.ExecuteAsync(line[0], [_prefix + line[1], .. line.Skip(2).Take(plain), .. line.Skip(2 + plain).Select(Convert.FromHexString)]);
        }
    }

    private static string Hex(RedisValue value) => Convert.ToHexString((byte[])value!);
}
