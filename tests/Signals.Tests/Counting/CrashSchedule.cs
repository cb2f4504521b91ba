using Flywheel.Domain.Learning;

namespace Flywheel.Signals.Tests.Counting;

/// <summary>One seeded run of producers, owners and their crashes on an in-memory store.</summary>
internal sealed class CrashSchedule(int seed)
{
    private const uint WindowSeconds = 60;
    private const int Steps = 60;
    private const ulong Producer = 7;

    private static readonly RewardRules Rules = new(5_000_000, [
        (RewardRules.TypeKey("click"), 1_000_000), (RewardRules.TypeKey("conversion"), 5_000_000), (RewardRules.TypeKey("share"), 300_000)]);

    private static readonly string[] Types = ["impression", "click", "conversion", "share", "scroll"];

    private readonly Random _random = new(seed);
    private readonly MemoryStore _store = new();
    private readonly List<PartitionCore> _owners = [];
    private readonly List<TestSignal> _sent = [];
    private long _nowMs = 1_000_000;
    private long _sequence;
    private ulong _decisions;

    public Oracle Oracle { get; } = new(WindowSeconds, Rules);
    public int Crashes { get; private set; }
    public SignalLedger Ledger { get; private set; }
    public IReadOnlyList<(string Segment, long Impressions, long Reward)> Totals { get; private set; } = [];

    /// <summary>What each sampled decision earned; the sample has room for all of a schedule.</summary>
    public IReadOnlyList<(ulong Decision, long Reward)> Sample { get; private set; } = [];

    public void Run()
    {
        for (var step = 0; step < Steps; step++)
        {
            _nowMs += _random.Next(1, 8_000);
            if (_random.Next(3) > 0)
                Append();
            if (_random.Next(3) > 0)
                Own();
        }
        var last = new PartitionCore(_store.Open());
        foreach (var entry in _store.Read(last.Offset))
            last.Apply(entry);
        if (last.TakeCommit(out _) is { } commit)
            Assert.True(_store.Commit(commit));
        var stored = new PartitionCore(_store.Open());
        Ledger = stored.Ledger;
        Totals = [.. stored.Segments.OrderBy(id => id.Segment, StringComparer.Ordinal).Select(id => (id.Segment, Total(stored, id).Impressions, Total(stored, id).RewardMicros))];
        Sample = [.. stored.Sample("spring", 1, null).Select(row => (row.Counter, row.RewardMicros)).OrderBy(row => row.Counter)];
        Assert.Equal(Ledger, stored.Segments.Aggregate(stored.Ledger with { Accepted = 0, Counted = 0, Duplicate = 0, Late = 0, Quarantined = 0 },
            (sum, id) => sum + stored.CountsOf(id)!.Ledger) + new SignalLedger(Oracle.Damaged, 0, 0, 0, Oracle.Damaged));
    }

    private static GroupTally Total(PartitionCore core, SegmentId id) =>
        core.CountsOf(id)!.Sum(TallySource.Learned) + core.CountsOf(id)!.Sum(TallySource.Control) + core.CountsOf(id)!.Sum(TallySource.Observed);

    /// <summary>Appends an entry; the reply may be lost once or twice, so that the producer sends the same batch again.</summary>
    private void Append()
    {
        var builder = new EntryBuilder();
        var signals = Enumerable.Range(0, _random.Next(1, 8)).Select(_ => Draw()).ToList();
        foreach (var signal in signals)
            signal.AddTo(builder, Rules, WindowSeconds);
        var body = builder.Build(_nowMs);
        var damaged = _random.Next(12) == 0;
        if (damaged)
            body = body[.._random.Next(0, 3)];
        var batch = new AppendBatch(Producer, ++_sequence, [new PartitionEntry(0, signals.Count, body)]);
        for (var tries = _random.Next(1, 4); tries > 0; tries--)
            _store.Append(batch);
        if (damaged)
            Oracle.Damage(signals.Count);
        else
            signals.ForEach(signal => Oracle.Accept(signal, _nowMs));
    }

    private TestSignal Draw()
    {
        if (_sent.Count > 0 && _random.Next(4) == 0)
            return _sent[_random.Next(_sent.Count)];
        var observed = _random.Next(6) == 0;
        var signal = new TestSignal(
            Segment: _random.Next(2) == 0 ? "default" : "young",
            Decision: _random.Next(3) == 0 && _decisions > 0 ? (ulong)_random.NextInt64((long)_decisions) : _decisions++,
            IssuedAtMs: _nowMs - _random.Next(0, 90_000),
            Control: _random.Next(5) == 0,
            Type: Types[_random.Next(Types.Length)],
            Id: observed || _random.Next(5) == 0 ? (UInt128)(_sent.Count + 1) : 0,
            Count: observed ? _random.Next(1, 20) : 0)
        {
            Propensity = 0.25,
        };
        // A decision has one segment, one time and one group, whichever of its signals comes.
        if (signal.Count == 0 && _sent.Find(other => other.Count == 0 && other.Decision == signal.Decision) is { } same)
            signal = signal with { Segment = same.Segment, IssuedAtMs = same.IssuedAtMs, Control = same.Control };
        _sent.Add(signal);
        return signal;
    }

    /// <summary>Lets an owner work. It may die at any point, be frozen and come back, or be replaced meanwhile.</summary>
    private void Own()
    {
        if (_owners.Count == 0 || _random.Next(4) == 0)
            _owners.Add(new PartitionCore(_store.Open()));
        var owner = _owners[_random.Next(_owners.Count)];
        foreach (var entry in _store.Read(owner.Offset).Take(_random.Next(1, 6)))
            owner.Apply(entry);
        if (_random.Next(5) == 0)
        {
            Crash(owner);
            return;
        }
        if (owner.TakeCommit(out _) is not { } commit)
            return;
        var landed = _store.Commit(commit);
        if (!landed || _random.Next(5) == 0)
            Crash(owner);
    }

    private void Crash(PartitionCore owner)
    {
        _owners.Remove(owner);
        Crashes++;
    }
}
