using Flywheel.Domain.Learning;
using Flywheel.Signals.Tests.Golden;
using static Flywheel.Signals.Tests.Counting.CountedPartition;
using static Flywheel.Signals.Tests.Counting.TestSignal;

namespace Flywheel.Signals.Tests.Counting;

public sealed class PartitionCoreTests
{
    /// <summary>Names that are counted apart: 16, and the requests that name none.</summary>
    private const int MaxChannels = 17;

    /// <summary>Module versions counted apart, and one that gathers the rest of each source.</summary>
    private const int MaxModules = 1_024 + 3;

    private static readonly RewardRules Fixed = new(5_000_000, [(RewardRules.TypeKey("click"), 1_000_000), (RewardRules.TypeKey("order"), 500_000)]);
    private static readonly RewardRules Valued = Fixed with { PerValue = [(RewardRules.TypeKey("order"), 100_000)] };

    private readonly CountedPartition _partition = new();

    [Fact]
    public void Apply_EntryAgain_IsPassedOver()
    {
        var core = new PartitionCore(new MemoryStore().Open());
        var builder = new EntryBuilder();
        Impression(7, StartMs).AddTo(builder, Rules, WindowSeconds);
        var entry = new LogEntry(4, 1, builder.Build(StartMs));
        core.Apply(entry);
        core.Apply(entry);

        Assert.Equal((4, new SignalLedger(1, 1, 0, 0, 0)), (core.Offset, core.Ledger));
    }

    [Fact]
    public void TakeCommit_NothingNew_IsNull()
    {
        Assert.Null(new PartitionCore(new MemoryStore().Open()).TakeCommit(out var changes));
        Assert.Empty(changes);
    }

    [Fact]
    public void TakeCommit_EachChange_RaisesTheVersionOfWhatChangedAlone()
    {
        _partition.Apply(StartMs, Impression(1, StartMs), Impression(2, StartMs) with { Segment = "young" });
        var commit = _partition.Apply(StartMs, Impression(3, StartMs));

        Assert.Equal("default", Assert.Single(commit.Segments).Key.Segment);
        Assert.Equal(2, _partition.Counts().Version);
    }

    [Fact]
    public void Apply_BeaconBeforeItsImpression_WaitsForItAndIsCountedOnce()
    {
        var click = Beacon("click");
        _partition.Apply(StartMs, click, click);
        Assert.Equal(new SignalLedger(2, 0, 1, 0, 1), _partition.Ledger);
        _partition.Reopen();

        _partition.Apply(StartMs + 1, Impression(1, StartMs));

        Assert.Equal(new SignalLedger(3, 2, 1, 0, 0), _partition.Ledger);
        Assert.Equal((1, 1_000_000), (_partition.Counts().Randomised.Impressions, _partition.Counts().Randomised.RewardMicros));
        _partition.Reopen();
        _partition.Apply(StartMs + 2, click, click with { Origin = SignalOrigin.Caller }, Impression(1, StartMs));
        Assert.Equal(new SignalLedger(6, 2, 4, 0, 0), _partition.Ledger);
    }

    [Fact]
    public void Apply_BeaconAfterItsImpression_IsCountedAtOnce()
    {
        _partition.Apply(StartMs, Impression(1, StartMs) with { Origin = SignalOrigin.Beacon }, Beacon("click"), Beacon("conversion"));

        Assert.Equal(new SignalLedger(3, 3, 0, 0, 0), _partition.Ledger);
        Assert.Equal(5_000_000, _partition.Counts().Randomised.RewardMicros);
    }

    [Fact]
    public void Apply_SignalOfACaller_NeedsNoImpression()
    {
        _partition.Apply(StartMs, Beacon("click") with { Origin = SignalOrigin.Caller });

        Assert.Equal(new SignalLedger(1, 1, 0, 0, 0), _partition.Ledger);
    }

    [Fact]
    public void Apply_BeaconThatWaits_IsADuplicateOnceACallerSaysTheSame()
    {
        _partition.Apply(StartMs, Beacon("click"), Beacon("click") with { Origin = SignalOrigin.Caller }, Impression(1, StartMs));

        Assert.Equal(new SignalLedger(3, 2, 1, 0, 0), _partition.Ledger);
        Assert.Equal(1_000_000, _partition.Counts().Randomised.RewardMicros);
    }

    [Fact]
    public void Apply_BeaconWhoseImpressionNeverComes_EarnsNothing()
    {
        _partition.Apply(StartMs, Beacon("click"));
        _partition.Apply(WindowEndMs + 1, Impression(1, StartMs));

        Assert.Equal(new SignalLedger(2, 0, 0, 1, 1), _partition.Ledger);
        Assert.Equal(0, _partition.Counts().Randomised.RewardMicros);
    }

    [Fact]
    public void Apply_BeaconOfASourceThatSendsTooMany_IsKeptAndEarnsNothing()
    {
        var commit = _partition.Apply(StartMs, Impression(1, StartMs), Beacon("click") with { Origin = SignalOrigin.ExcessBeacon });

        Assert.Equal(new SignalLedger(2, 1, 0, 0, 1), _partition.Ledger);
        Assert.Contains("of a source", Assert.Single(commit.Quarantined).Reason, StringComparison.Ordinal);
        _partition.Apply(StartMs, Beacon("click"));
        Assert.Equal(1_000_000, _partition.Counts().Randomised.RewardMicros);
    }

    /// <summary>Who holds a lease can sign two decisions of one counter. The segment's ledger went below zero, and the partition could commit no more.</summary>
    [Theory]
    [InlineData("impression", SignalOrigin.Beacon)]
    [InlineData("click", SignalOrigin.Caller)]
    public void Apply_SameCounterInAnotherSegment_LeavesWhatWaitsWhereItIs(string type, SignalOrigin origin)
    {
        _partition.Apply(StartMs, Beacon("click"));
        _partition.Apply(StartMs, Beacon(type) with { Segment = "young", Origin = origin });

        Assert.Equal(new SignalLedger(2, 1, 0, 0, 1), _partition.Ledger);
        _partition.Reopen();
        Assert.Equal(new SignalLedger(1, 0, 0, 0, 1), _partition.Counts().Ledger);
    }

    private static TestSignal Beacon(string type) => Impression(1, StartMs) with { Type = type, Origin = SignalOrigin.Beacon };

    [Fact]
    public void Apply_ForgottenCampaign_QuarantinesWhatComesLate()
    {
        _partition.Apply(StartMs, Impression(1, StartMs), Impression(2, StartMs) with { Segment = "young" });
        var commit = _partition.Forget(StartMs);
        _partition.Reopen();
        var late = _partition.Apply(StartMs, Impression(3, StartMs), Observed(5, StartMs));
        _partition.Served(learned: 10, control: 1);

        Assert.Equal(2, commit.RemovedSegments.Count);
        Assert.Equal(2, late.Quarantined.Count);
        Assert.Empty(_partition.Segments);
        Assert.Equal(new SignalLedger(4, 2, 0, 0, 2), _partition.Ledger);
    }

    [Fact]
    public void Apply_NewLifeOfAForgottenCampaign_CountsAfresh()
    {
        _partition.Apply(StartMs, Impression(1, StartMs), Impression(2, StartMs));
        _partition.Forget(StartMs);
        _partition.Apply(StartMs, Impression(3, StartMs) with { Incarnation = 2 }, Impression(4, StartMs));
        _partition.Reopen();

        Assert.Equal(0, _partition.Counts(incarnation: 1).Version);
        Assert.Equal(new SignalLedger(1, 1, 0, 0, 0), _partition.Counts(incarnation: 2).Ledger);
        Assert.Equal(new SignalLedger(4, 3, 0, 0, 1), _partition.Ledger);
    }

    [Fact]
    public void Apply_CountedAndForgottenInOneCommit_LeavesNothingBehind()
    {
        var commit = _partition.Apply(StartMs, 1, builder =>
        {
            Impression(1, StartMs).AddTo(builder, Rules, WindowSeconds);
            builder.AddForget("spring", 1);
        });

        Assert.Empty(commit.Segments);
        Assert.Empty(_partition.Segments);
        Assert.Equal(new SignalLedger(1, 1, 0, 0, 0), _partition.Ledger);
    }

    [Fact]
    public void Apply_MoreChannelsThanAreKept_CountsTheRestAsOther()
    {
        _partition.Apply(StartMs, [.. Enumerable.Range(0, 40).Select(i => Impression((ulong)i, StartMs) with { Channel = i == 0 ? "" : $"channel-{i}" })]);
        _partition.Reopen();
        _partition.Apply(StartMs, Impression(100, StartMs) with { Channel = "channel-99" }, Impression(101, StartMs) with { Channel = "channel-3" });

        var channels = _partition.Counts().Channels;
        Assert.Equal(MaxChannels + 1, channels.Length);
        Assert.Equal(40 - MaxChannels + 1, channels.Single(channel => channel.Channel == "other").Learned.Impressions);
        Assert.Equal(2, channels.Single(channel => channel.Channel == "channel-3").Learned.Impressions);
        Assert.Equal(42, _partition.Counts().Sum(TallySource.Learned).Impressions);
    }

    [Fact]
    public void Apply_MoreModuleVersionsThanAreKept_KeepsTheTotals()
    {
        const int Versions = 1_500;
        foreach (var chunk in Enumerable.Range(1, Versions).Chunk(EntryBuilder.MaxSignals))
            _partition.Apply(StartMs + chunk[0], [.. chunk.Select(i => Impression((ulong)i, StartMs) with { Module = (ulong)i, Control = i % 2 == 0 })]);
        _partition.Reopen();

        var modules = Assert.Single(_partition.Counts().Channels).Modules;
        Assert.InRange(modules.Length, 1_024, MaxModules);
        Assert.Equal((Versions, Versions), (modules.Sum(module => module.Impressions), _partition.Counts().Sum(TallySource.Learned).Impressions + _partition.Counts().Sum(TallySource.Control).Impressions));
        Assert.Equal(Versions - modules.Count(module => module.Module != ModuleTally.Retired), modules.Where(module => module.Module == ModuleTally.Retired).Sum(module => module.Impressions));
        Assert.Contains(modules, module => module.Module == Versions);
        Assert.DoesNotContain(modules, module => module.Module == 1);
    }

    [Fact]
    public void Apply_LeasedDecisionsServed_CountsEachReportOnceEvenAfterANewOwner()
    {
        Report(number: 0, learned: 10, atMs: CountedPartition.StartMs);
        Report(number: 1, learned: 5, atMs: CountedPartition.StartMs);
        Report(number: 0, learned: 10, atMs: CountedPartition.StartMs);
        _partition.Reopen();
        Report(number: 1, learned: 5, atMs: CountedPartition.WindowEndMs);

        Assert.Equal(15, _partition.Counts().Sum(TallySource.Learned).Decisions);
        Assert.Equal(default, _partition.Ledger);
    }

    [Fact]
    public void Apply_LeasedDecisionsServed_AfterTheirEndOrOfADeletedCampaign_AreNotCounted()
    {
        Report(number: 0, learned: 10, atMs: CountedPartition.WindowEndMs + 1);
        Assert.Equal(0, _partition.Counts().Sum(TallySource.Learned).Decisions);

        _partition.Forget(CountedPartition.WindowEndMs + 1);
        Report(number: 1, learned: 10, atMs: CountedPartition.WindowEndMs);

        Assert.Empty(_partition.Segments);
    }

    private void Report(ulong number, long learned, long atMs) => _partition.Apply(atMs, 0, builder => builder.AddServed(
        new SegmentId("spring", 1, "default"), CountedPartition.Rules, new ServedReport { Issuer = 3, Number = number, ExpiresAtMs = CountedPartition.WindowEndMs, Learned = learned }));

    [Fact]
    public void Apply_DecisionsServed_AddsUpByGroupAndChannel()
    {
        _partition.Served(learned: 100, control: 5);
        _partition.Served(learned: 90, control: 7);
        _partition.Served(learned: 3, control: 2, channel: "email");

        var counts = _partition.Counts();
        Assert.Equal((193, 14), (counts.Sum(TallySource.Learned).Decisions, counts.Sum(TallySource.Control).Decisions));
        Assert.Equal((3, 2), (counts.Sum(TallySource.Learned, "email").Decisions, counts.Sum(TallySource.Control, "email").Decisions));
        Assert.Equal(default, counts.Ledger);
    }

    /// <summary>What the API lets through: an observed signal stands for up to a million, and a type is worth up to a million.</summary>
    [Fact]
    public void Apply_MoreRewardThanALongHolds_StaysCommittable()
    {
        var rules = new RewardRules(1_000_000_000_000, [(RewardRules.TypeKey("sale"), 1_000_000_000_000)]);
        var signals = Enumerable.Range(1, 10).Select(i => Observed((UInt128)i, StartMs, count: 1_000_000) with { Type = "sale" }).ToArray();

        _partition.Apply(StartMs, signals.Length, builder => Array.ForEach(signals, signal => signal.AddTo(builder, rules, WindowSeconds)));

        Assert.True(_partition.Counts().Sum(TallySource.Observed).RewardMicros > 0);
    }

    [Fact]
    public void Apply_ValuesOfOneDecision_EarnOnceEachAndUpToTheCapTogether()
    {
        Value("order", cents: 1_999);
        AssertReward(2_499_000);
        Value("order", cents: 5_000);
        AssertReward(2_499_000);
        Value("order", cents: 1_000, id: 7);
        AssertReward(3_999_000);
        Value("order", cents: 9_000, id: 7);
        AssertReward(3_999_000);
        _partition.Reopen();
        Value("order", cents: 0, id: 8);
        AssertReward(4_499_000);
        Value("order", cents: 100_000_000, id: 9);
        AssertReward(5_000_000);
        Value("click", cents: 1_000);
        AssertReward(5_000_000);

        Assert.Equal(new SignalLedger(7, 5, 2, 0, 0), _partition.Ledger);
        Assert.Equal(5_000_000, _partition.Counts().Evidence!.Buckets.Single().RewardMicros);
    }

    /// <summary>Whether a signal without an id was counted does not depend on what its type earned at the time.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Apply_ATypeThatIsValuedFromNowOn_IsStillCountedOnce(bool valuedFirst)
    {
        Value("order", cents: 1_000, rules: valuedFirst ? Valued : Fixed);
        Value("order", cents: 1_000, rules: valuedFirst ? Fixed : Valued);

        AssertReward(valuedFirst ? 1_500_000 : 500_000);
        Assert.Equal(new SignalLedger(2, 1, 1, 0, 0), _partition.Ledger);
    }

    [Fact]
    public void Apply_ValueOfAnObservedSignal_IsThatOfAllItsEvents()
    {
        var signal = Observed(1, StartMs, count: 12) with { Type = "order", Cents = 60_000 };
        _partition.Apply(StartMs, 1, builder => signal.AddTo(builder, Valued, WindowSeconds));

        Assert.Equal(12 * 500_000 + 60_000_000, _partition.Counts().Sum(TallySource.Observed).RewardMicros);
    }

    [Fact]
    public void Apply_ValuesBeyondALong_StayCommittable()
    {
        var rules = Valued with { PerValue = [(RewardRules.TypeKey("order"), 1_000_000_000_000)] };
        for (UInt128 id = 0; id < 3; id++)
        {
            var signal = Impression(1, StartMs) with { Type = "order", Cents = long.MaxValue, Id = id };
            _partition.Apply(StartMs, 2, builder =>
            {
                signal.AddTo(builder, rules, WindowSeconds);
                (signal with { Id = id + 10, Count = 1 }).AddTo(builder, rules, WindowSeconds);
            });
            _partition.Reopen();
        }

        AssertReward(5_000_000);
        Assert.Equal(long.MaxValue, _partition.Counts().Sum(TallySource.Observed).RewardMicros);
    }

    public static TheoryData<string, long> Edges => new(
        from record in (string[])["forget", "issued", "window", "count", "at", "served", "weight", "accepted"]
        from value in (long[])[long.MaxValue, long.MaxValue - 1_000, long.MaxValue / 2]
        select (record, value));

    [Theory]
    [MemberData(nameof(Edges))]
    public void Apply_FiguresAtTheEdgeOfALong_NeverThrowsAndBalances(string record, long value)
    {
        var impression = Impression(1, StartMs);
        var signals = record is "forget" or "served" ? 0 : 2;
        var rules = record == "weight" ? new RewardRules(value, [(RewardRules.ImpressionKey, value)]) : Rules;
        var builder = new EntryBuilder();
        for (var i = 1; i <= 2; i++)
        {
            if (record == "forget")
                builder.AddForget($"winter-{i}", 1);
            else if (record == "served")
                builder.AddServed(impression.SegmentId, rules, default, value, value);
            else if (record is "count" or "at")
                Observed((UInt128)i, record == "at" ? value : StartMs, record == "count" ? value : 3).AddTo(builder, rules, WindowSeconds);
            else
                Impression((ulong)i, record == "issued" ? value : StartMs).AddTo(builder, rules, record == "window" ? uint.MaxValue : WindowSeconds);
        }

        _partition.Apply(signals, builder.Build(record is "accepted" or "forget" ? value : StartMs));
        _partition.Apply(StartMs, impression);
        _partition.Reopen();

        Assert.Equal(signals + 1, _partition.Ledger.Accepted);
    }

    [Fact]
    public void Apply_RandomBytes_NeverThrowsAndBalances()
    {
        var random = new Random(1);
        for (var i = 0; i < 5_000; i++)
        {
            var body = new byte[random.Next(0, 300)];
            random.NextBytes(body);
            if (body.Length > 0 && random.Next(4) > 0)
                body[0] = 1;
            _partition.Apply(random.Next(0, 20), body);
        }
        _partition.Reopen();

        Assert.True(_partition.Ledger is { Balances: true, Quarantined: > 0 });
    }

    [Fact]
    public void Apply_DamagedEntries_NeverThrowsAndBalances()
    {
        var whole = GoldenFiles.Entry();
        for (var seed = 0; seed < 20_000; seed++)
        {
            var random = new Random(seed);
            var partition = new CountedPartition();
            var body = whole.ToArray();
            for (var flips = random.Next(1, 6); flips > 0; flips--)
                body[random.Next(body.Length)] = random.Next(3) == 0 ? (byte)0xFF : (byte)random.Next(256);
            var error = Record.Exception(() =>
            {
                partition.Apply(GoldenFiles.EntrySignals, random.Next(2) == 0 ? body : body[..random.Next(body.Length)]);
                partition.Reopen();
                partition.Apply(GoldenFiles.EntrySignals, whole);
                partition.Reopen();
            });
            Assert.True(error is null, $"seed {seed}: {error}");
            Assert.True(partition.Ledger.Accepted >= 2 * GoldenFiles.EntrySignals, $"seed {seed}: {partition.Ledger}");
        }
    }

    private void Value(string type, long cents, UInt128 id = default, RewardRules? rules = null)
    {
        var signal = Impression(1, StartMs) with { Type = type, Cents = cents, Id = id };
        _partition.Apply(StartMs, 1, builder => signal.AddTo(builder, rules ?? Valued, WindowSeconds));
    }

    private void AssertReward(long micros) => Assert.Equal(micros, _partition.Counts().Sum(TallySource.Learned).RewardMicros);
}
