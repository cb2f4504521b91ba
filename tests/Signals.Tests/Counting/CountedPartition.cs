using Flywheel.Domain.Learning;
using Flywheel.Domain.Learning.Checkpoints;

namespace Flywheel.Signals.Tests.Counting;

/// <summary>A partition on an in-memory store that counts each entry as it is appended.</summary>
internal sealed class CountedPartition
{
    public const uint WindowSeconds = 60;
    public const long StartMs = 1_000_000_000;

    /// <summary>The last moment at which a signal of a decision made at <see cref="StartMs"/> counts.</summary>
    public const long WindowEndMs = StartMs + WindowSeconds * 1_000;

    public static readonly RewardRules Rules = new(5_000_000, [(RewardRules.TypeKey("click"), 1_000_000), (RewardRules.TypeKey("conversion"), 5_000_000)]);

    private readonly MemoryStore _store = new();
    private PartitionCore _core;
    private long _sequence;

    public CountedPartition() => _core = new PartitionCore(_store.Open());

    public SignalLedger Ledger => _core.Ledger;

    public IEnumerable<SegmentId> Segments => _core.Segments;

    public SegmentCounts Counts(ulong incarnation = 1) => _core.CountsOf(new SegmentId("spring", incarnation, "default")) ?? SegmentCounts.None;

    public IReadOnlyList<SampleRow> Sample(ulong incarnation = 1, string? segment = null, ulong threshold = ulong.MaxValue) =>
        _core.Sample("spring", incarnation, segment, threshold);

    /// <summary>Counts these signals as one entry that was accepted at this time, and commits.</summary>
    public PartitionCommit Apply(long acceptedAtMs, params TestSignal[] signals) => Apply(acceptedAtMs, signals.Length, builder =>
    {
        foreach (var signal in signals)
            signal.AddTo(builder, Rules, WindowSeconds);
    });

    public PartitionCommit Apply(long acceptedAtMs, int signals, Action<EntryBuilder> build)
    {
        var builder = new EntryBuilder();
        build(builder);
        Assert.Equal(signals, builder.Signals);
        return Apply(signals, builder.Build(acceptedAtMs));
    }

    public PartitionCommit Apply(int signals, byte[] body)
    {
        _store.Append(new AppendBatch(1, ++_sequence, [new PartitionEntry(0, signals, body)]));
        foreach (var entry in _store.Read(_core.Offset))
            _core.Apply(entry);
        var commit = _core.TakeCommit(out _)!;
        Assert.True(_store.Commit(commit));
        Assert.True(Ledger.Balances, $"{Ledger} does not balance");
        return commit;
    }

    public PartitionCommit Served(long learned, long control, string channel = "") =>
        Apply(StartMs, 0, builder => builder.AddServed(new SegmentId("spring", 1, "default"), Rules, System.Text.Encoding.ASCII.GetBytes(channel), learned, control));

    public PartitionCommit Forget(long atMs, ulong incarnation = 1) => Apply(atMs, 0, builder => builder.AddForget("spring", incarnation));

    public PartitionCommit RollBack(long atMs, long toMs) => Apply(atMs, 0, builder => builder.AddRollback(new SegmentId("spring", 1, "default"), atMs, toMs));

    public IReadOnlyList<PolicyCheckpoint> Checkpoints(ulong incarnation = 1) => _core.CheckpointsOf(new SegmentId("spring", incarnation, "default"));

    /// <summary>What is stored under the names that this accepts.</summary>
    public IReadOnlyList<KeyValuePair<SegmentId, byte[]>> Stored(Func<SegmentId, bool> isOne) => [.. _store.Segments.Where(segment => isOne(segment.Key))];

    /// <summary>Goes on from what the store holds, as a new owner does.</summary>
    public void Reopen() => _core = new PartitionCore(_store.Open());
}
