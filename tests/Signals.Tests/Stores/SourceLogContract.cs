using System.Buffers.Binary;

namespace Flywheel.Signals.Tests.Stores;

/// <summary>What every store promises of sources, see <see cref="ISourceLog"/>; a class for each runs it on the real thing.</summary>
public abstract class SourceLogContract : IAsyncLifetime
{
    private const int Partitions = 5;
    private const string Source = "kafka/flywheel/shop/0";

    private ISignalStore _store = null!;

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private ISourceLog Log => (ISourceLog)_store;

    public async ValueTask InitializeAsync() => _store = await OpenAsync(Partitions);

    public abstract ValueTask DisposeAsync();

    [Fact]
    public async Task Read_NeverRead_HasNothing()
    {
        var position = await Log.ReadAsync(Source, Cancel);

        Assert.Null(position.Next);
        Assert.All(Enumerable.Range(0, Partitions), partition => Assert.False(position.Has(partition, 0)));
        Assert.Equal(Partitions, Enumerable.Range(0, 100).Select(i => new SourcePosition($"{Source}{i}", new long[Partitions]).Home).Distinct().Count());
    }

    [Fact]
    public async Task Append_ToSomePartitions_MovesThoseAndTheSourcesOwn()
    {
        var never = await Log.ReadAsync(Source, Cancel);
        var other = OtherThan(never.Home);
        var batch = new SourceBatch(never, 12, [new(other, 2, [1]), new(other, 3, [2])]);

        Assert.True(await Log.AppendAsync(batch, Cancel));
        _store = await OpenAsync(Partitions);

        var position = await Log.ReadAsync(Source, Cancel);
        Assert.Equal(12, position.Next);
        Assert.Equal(
            Enumerable.Range(0, Partitions).Select(partition => partition == other || partition == never.Home ? 12 : SourcePosition.None),
            Enumerable.Range(0, Partitions).Select(partition => position[partition]));
        Assert.Equal(Enumerable.Range(0, Partitions).Select(partition => position[partition]), Enumerable.Range(0, Partitions).Select(partition => never.After(batch)[partition]));
        Assert.Equal((true, false), (position.Has(other, 11), position.Has(other, 12)));
        Assert.Equal([2, 3], (await _store.ReadAsync(other, 0, 10, Cancel)).Select(entry => entry.Signals));
        Assert.Equal(5, _store.Backlog);
        Assert.Null((await Log.ReadAsync("kafka/flywheel/shop/1", Cancel)).Next);
    }

    [Fact]
    public async Task Append_Again_IsRefusedAndAddsNothing()
    {
        var batch = new SourceBatch(await Log.ReadAsync(Source, Cancel), 0, [new(1, 1, [1])]);

        Assert.True(await Log.AppendAsync(batch, Cancel));
        Assert.False(await Log.AppendAsync(batch, Cancel));

        Assert.Single(await _store.ReadAsync(1, 0, 10, Cancel));
        Assert.Equal(1, _store.Backlog);
    }

    /// <summary>As where a process ends between the appends of one batch: what landed is left out when the batch is read again.</summary>
    [Fact]
    public async Task Append_RefusedByOnePartition_DoesNotMoveTheSource()
    {
        var never = await Log.ReadAsync(Source, Cancel);
        var (one, other) = (OtherThan(never.Home), OtherThan(never.Home, 1));
        Assert.True(await Log.AppendAsync(new SourceBatch(never, 5, [new(one, 1, [1])]), Cancel));

        Assert.False(await Log.AppendAsync(new SourceBatch(never, 9, [new(one, 1, [2]), new(other, 1, [3])]), Cancel));

        var position = await Log.ReadAsync(Source, Cancel);
        Assert.Equal((5, 5), (position.Next, position[one]));
        Assert.Single(await _store.ReadAsync(one, 0, 10, Cancel));
        Assert.Equal(position.Has(other, 8) ? 1 : 0, (await _store.ReadAsync(other, 0, 10, Cancel)).Count);
    }

    /// <summary>Readers that both believe that the source is theirs, at any moment with batches that are out of date.</summary>
    [Fact]
    public async Task Append_ByRivalReaders_PutsEachMessageIntoTheLogOnce()
    {
        for (var seed = 1; seed <= 10; seed++)
        {
            var source = $"kafka/flywheel/rivals/{seed}";
            var random = new Random(seed);
            int[][] messages = [.. Enumerable.Range(0, 60).Select(_ => Enumerable.Range(0, random.Next(4)).Select(_ => random.Next(Partitions)).ToArray())];
            SourceReader[] readers = [new(Log, source, seed, messages), new(Log, source, seed, messages), new(Log, source, seed, messages)];

            while ((await Log.ReadAsync(source, Cancel)).Next is not { } next || next < messages.Length)
            {
                var moved = readers[random.Next(readers.Length)];
                if (random.Next(3) == 0)
                    moved.Prepare(await Log.ReadAsync(source, Cancel), random.Next(1, 20));
                else if (random.Next(2) == 0)
                    await moved.AppendAsync(random.Next(1, 20));
                else
                    await Task.WhenAll(readers.Select(reader => reader.AppendAsync(7)));
            }
            await Task.WhenAll(readers.Select(reader => reader.AppendAsync(1)));

            var expected = messages.SelectMany((partitions, message) => partitions.Select((partition, index) => (partition, Name: NameOf(seed, message, index)))).Order();
            Assert.Equal(expected, (await LoggedAsync(seed)).Order());
        }
    }

    protected abstract Task<ISignalStore> OpenAsync(int partitions);

    private static int OtherThan(int partition, int further = 0) => (partition + 1 + further) % Partitions;

    private static string NameOf(int seed, int message, int index) => $"{seed}/{message}/{index}";

    private async Task<List<(int Partition, string Name)>> LoggedAsync(int seed)
    {
        var logged = new List<(int, string)>();
        for (var partition = 0; partition < Partitions; partition++)
        {
            foreach (var entry in await _store.ReadAsync(partition, 0, 10_000, Cancel))
            {
                if (BinaryPrimitives.ReadInt32BigEndian(entry.Body.Span) == seed)
                    logged.Add((partition, NameOf(seed, BinaryPrimitives.ReadInt32BigEndian(entry.Body.Span[4..]), BinaryPrimitives.ReadInt32BigEndian(entry.Body.Span[8..]))));
            }
        }
        return logged;
    }

    /// <summary>Reads messages as the engine does: leaves out what a partition has by what it knows, and looks again where it was refused.</summary>
    /// <param name="messages">The partitions that each message's signals go to.</param>
    private sealed class SourceReader(ISourceLog log, string source, int seed, int[][] messages)
    {
        private SourcePosition? _position;
        private SourceBatch? _batch;

        public void Prepare(SourcePosition position, int most)
        {
            _position = position;
            var first = (int)(position.Next ?? 0);
            var to = Math.Min(messages.Length, first + most);
            _batch = new SourceBatch(position, to, [.. Enumerable.Range(first, to - first).SelectMany(message => messages[message]
                .Select((partition, index) => (partition, index)).Where(signal => !position.Has(signal.partition, message))
                .Select(signal => new PartitionEntry(signal.partition, 1, BodyOf(message, signal.index))))]);
        }

        public async Task AppendAsync(int most)
        {
            if (_batch is null)
                return;
            if (await log.AppendAsync(_batch, Cancel))
                Prepare(_position!.After(_batch), most);
            else
                Prepare(await log.ReadAsync(source, Cancel), most);
        }

        private byte[] BodyOf(int message, int index)
        {
            var body = new byte[12];
            BinaryPrimitives.WriteInt32BigEndian(body, seed);
            BinaryPrimitives.WriteInt32BigEndian(body.AsSpan(4), message);
            BinaryPrimitives.WriteInt32BigEndian(body.AsSpan(8), index);
            return body;
        }
    }
}
