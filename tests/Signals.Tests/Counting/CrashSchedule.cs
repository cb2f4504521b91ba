using Flywheel.Decisions;
using Flywheel.Domain.Learning;

namespace Flywheel.Signals.Tests.Counting;

/// <summary>One seeded run of producers, owners and their crashes on a partition that nothing else uses.</summary>
internal sealed class CrashSchedule(int seed, ISignalStore store, int partition = 0)
{
    private const uint WindowSeconds = 60;
    private const int Steps = 60;
    private const int MaxEntries = 1_000;

    private static readonly RewardRules Rules = new(9_000_000, [
        (RewardRules.TypeKey("click"), 1_000_000), (RewardRules.TypeKey("conversion"), 5_000_000), (RewardRules.TypeKey("share"), 300_000), (RewardRules.TypeKey("order"), 0)])
    {
        PerValue = [(RewardRules.TypeKey("conversion"), 50_000), (RewardRules.TypeKey("order"), 123_457)],
    };

    private static readonly string[] Types = ["impression", "click", "conversion", "share", "scroll", "order"];

    private readonly Random _random = new(seed);

    /// <summary>Of the reports, so that they change nothing of the signals.</summary>
    private readonly Random _reporting = new(~seed);
    private readonly List<TestReport> _reports = [];
    private readonly ulong _producer = 7 + (ulong)partition;
    private readonly List<PartitionCore> _owners = [];
    private readonly List<TestSignal> _sent = [];
    private long _nowMs = 1_000_000;
    private long _sequence;
    private ulong _decisions;

    private Oracle Oracle { get; } = new(WindowSeconds, Rules);
    public int Crashes { get; private set; }
    private SignalLedger Ledger { get; set; }
    private IReadOnlyList<(string Segment, long Impressions, long Reward)> Totals { get; set; } = [];
    private IReadOnlyList<(string Segment, long Learned, long Control, Assignment Assignment)> Served { get; set; } = [];

    /// <summary>What each sampled decision earned; the sample has room for all of a schedule.</summary>
    private IReadOnlyList<(ulong Decision, long Reward)> Sample { get; set; } = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Runs the schedule, and asserts that what is counted is what the oracle says.</summary>
    public async Task RunAsync()
    {
        await PlayAsync();
        Assert.True(Ledger.Balances, $"seed {seed}: {Ledger} does not balance");
        Assert.True(Ledger == Oracle.Ledger, $"seed {seed}: counted {Ledger}, oracle {Oracle.Ledger}");
        Assert.True(Totals.SequenceEqual(Oracle.Totals), $"seed {seed}: counts differ from the oracle's");
        Assert.True(Served.SequenceEqual(Oracle.Served), $"seed {seed}: served decisions {string.Join(", ", Served)}, oracle {string.Join(", ", Oracle.Served)}");
        Assert.True(Sample.SequenceEqual(Oracle.Decisions), $"seed {seed}: the sample differs from the oracle's decisions");
    }

    private async Task PlayAsync()
    {
        for (var step = 0; step < Steps; step++)
        {
            _nowMs += _random.Next(1, 8_000);
            if (_random.Next(3) > 0)
                await AppendAsync();
            if (_random.Next(3) > 0)
                await OwnAsync();
        }
        var last = await OpenAsync();
        foreach (var entry in await store.ReadAsync(partition, last.Offset, MaxEntries, Cancel))
            last.Apply(entry);
        if (last.TakeCommit(out _) is { } commit)
            Assert.True(await store.CommitAsync(commit, Cancel));
        var stored = await OpenAsync();
        Ledger = stored.Ledger;
        Totals = [.. stored.Segments.OrderBy(id => id.Segment, StringComparer.Ordinal).Select(id => (id.Segment, Total(stored, id).Impressions, Total(stored, id).RewardMicros))];
        Served = [.. stored.Segments.OrderBy(id => id.Segment, StringComparer.Ordinal).Select(id => (id.Segment, stored.CountsOf(id)!))
            .Select(counts => (counts.Segment, counts.Item2.Sum(TallySource.Learned).Decisions, counts.Item2.Sum(TallySource.Control).Decisions, counts.Item2.Assignment))];
        Sample = [.. stored.Sample("spring", 1, null).Select(row => (row.Counter, row.RewardMicros)).OrderBy(row => row.Counter)];
        Assert.Equal(Ledger, stored.Segments.Aggregate(stored.Ledger with { Accepted = 0, Counted = 0, Duplicate = 0, Late = 0, Quarantined = 0 },
            (sum, id) => sum + stored.CountsOf(id)!.Ledger) + new SignalLedger(Oracle.Damaged, 0, 0, 0, Oracle.Damaged));
    }

    private static GroupTally Total(PartitionCore core, SegmentId id) =>
        core.CountsOf(id)!.Sum(TallySource.Learned) + core.CountsOf(id)!.Sum(TallySource.Control) + core.CountsOf(id)!.Sum(TallySource.Observed);

    /// <summary>Appends an entry; the reply may be lost once or twice, so that the producer sends the same batch again.</summary>
    private async Task AppendAsync()
    {
        var builder = new EntryBuilder();
        var signals = Enumerable.Range(0, _random.Next(1, 8)).Select(_ => Draw()).ToList();
        foreach (var signal in signals)
            signal.AddTo(builder, Rules, WindowSeconds);
        var reports = Enumerable.Range(0, _reporting.Next(0, 3)).Select(_ => DrawReport()).ToList();
        reports.ForEach(report => report.AddTo(builder, Rules));
        var body = builder.Build(_nowMs);
        var damaged = _random.Next(12) == 0;
        if (damaged)
            body = body[.._random.Next(0, 3)];
        var batch = new AppendBatch(_producer, ++_sequence, [new PartitionEntry(partition, signals.Count, body)]);
        for (var tries = _random.Next(1, 4); tries > 0; tries--)
            await store.AppendAsync(batch, Cancel);
        if (damaged)
        {
            Oracle.Damage(signals.Count);
            return;
        }
        signals.ForEach(signal => Oracle.Accept(signal, _nowMs));
        reports.ForEach(report => Oracle.Accept(report, _nowMs));
    }

    /// <summary>A report of served decisions, a new one or one that was sent before.</summary>
    private TestReport DrawReport()
    {
        if (_reports.Count > 0 && _reporting.Next(2) == 0)
            return _reports[_reporting.Next(_reports.Count)];
        var (learned, control) = (_reporting.Next(1, 100), _reporting.Next(0, 10));
        _reports.Add(new TestReport(
            Segment: _reporting.Next(2) == 0 ? "default" : "young",
            Number: (ulong)_reports.Count,
            ExpiresAtMs: _nowMs + _reporting.Next(0, 120_000),
            learned,
            control,
            new Assignment(learned + control, control, 50_000 * (learned + control))));
        return _reports[^1];
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
            Cents = _random.Next(2) == 0 ? 0 : _random.Next(0, 12_000),
        };
        // A decision has one segment, one time and one group, whichever of its signals comes.
        if (signal.Count == 0 && _sent.Find(other => other.Count == 0 && other.Decision == signal.Decision) is { } same)
            signal = signal with { Segment = same.Segment, IssuedAtMs = same.IssuedAtMs, Control = same.Control };
        _sent.Add(signal);
        return signal;
    }

    /// <summary>Lets an owner work. It may die at any point, be frozen and come back, or be replaced meanwhile.</summary>
    private async Task OwnAsync()
    {
        if (_owners.Count == 0 || _random.Next(4) == 0)
            _owners.Add(await OpenAsync());
        var owner = _owners[_random.Next(_owners.Count)];
        foreach (var entry in await store.ReadAsync(partition, owner.Offset, _random.Next(1, 6), Cancel))
            owner.Apply(entry);
        if (_random.Next(5) == 0)
        {
            Crash(owner);
            return;
        }
        if (owner.TakeCommit(out _) is not { } commit)
            return;
        var landed = await store.CommitAsync(commit, Cancel);
        if (!landed || _random.Next(5) == 0)
            Crash(owner);
    }

    private async Task<PartitionCore> OpenAsync() => new(await store.OpenAsync(partition, Cancel));

    private void Crash(PartitionCore owner)
    {
        _owners.Remove(owner);
        Crashes++;
    }
}
