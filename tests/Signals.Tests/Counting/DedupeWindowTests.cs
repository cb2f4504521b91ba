using Flywheel.Domain.Learning;
using static Flywheel.Signals.Tests.Counting.CountedPartition;
using static Flywheel.Signals.Tests.Counting.TestSignal;

namespace Flywheel.Signals.Tests.Counting;

public sealed class DedupeWindowTests
{
    private readonly CountedPartition _partition = new();

    [Theory]
    [InlineData(WindowEndMs, 1, 0)]
    [InlineData(WindowEndMs + 1, 0, 1)]
    public void Apply_AtTheEdgeOfTheWindow_CountsUpToItsLastMillisecond(long acceptedAtMs, long counted, long late)
    {
        _partition.Apply(acceptedAtMs, Impression(0, StartMs));
        _partition.Apply(acceptedAtMs, Observed(5, StartMs));

        Assert.Equal(new SignalLedger(2, 2 * counted, 0, 2 * late, 0), _partition.Ledger);
        Assert.Equal(counted, _partition.Counts().Sum(TallySource.Learned).Impressions);
        Assert.Equal(counted, _partition.Counts().Sum(TallySource.Observed).Impressions);
    }

    [Fact]
    public void Apply_AcrossPageBoundaries_CountsEachDecisionOnceAndForGood()
    {
        ulong[] decisions = [0, 63, 64, DedupePage.Bits - 1, DedupePage.Bits, DedupePage.Bits + 1, 2 * DedupePage.Bits - 1, 2 * DedupePage.Bits, ulong.MaxValue];
        var signals = decisions.Select(decision => Impression(decision, StartMs)).ToArray();
        _partition.Apply(StartMs, signals);
        _partition.Apply(StartMs, signals);
        _partition.Reopen();
        _partition.Apply(StartMs, signals);
        _partition.Apply(StartMs, Impression(1, StartMs), Impression(DedupePage.Bits + 2, StartMs));

        Assert.Equal(new SignalLedger(29, 11, 18, 0, 0), _partition.Ledger);
    }

    [Fact]
    public void Apply_AnotherTypeOrIssuerOrId_IsNoDuplicate()
    {
        var impression = Impression(7, StartMs);
        _partition.Apply(StartMs, impression, impression with { Type = "click" }, impression with { Issuer = 4 }, impression with { Id = 1 }, impression with { Id = 2 });
        _partition.Apply(StartMs, impression, impression with { Type = "click" }, impression with { Issuer = 4 }, impression with { Id = 1 }, impression with { Id = 2 });

        Assert.Equal(new SignalLedger(10, 5, 5, 0, 0), _partition.Ledger);
    }

    [Fact]
    public void Apply_AfterTheWindowExpired_LetsGoOfItAndCallsItLate()
    {
        _partition.Apply(StartMs, Impression(7, StartMs), Impression(7, StartMs) with { Id = 1 });
        var commit = _partition.Apply(WindowEndMs + 100_000, Impression(DedupePage.Bits, WindowEndMs + 100_000));
        _partition.Reopen();
        _partition.Apply(WindowEndMs + 100_000, Impression(7, StartMs), Impression(7, StartMs) with { Id = 1 });

        Assert.Single(commit.Dedupe.RemovedPages);
        Assert.True(commit.Dedupe.IdsExpiredUpToMs > WindowEndMs);
        Assert.Equal(new SignalLedger(5, 3, 0, 2, 0), _partition.Ledger);
    }

    [Fact]
    public void Apply_AcceptedInTimeButAppendedAfterTheSweep_IsStillADuplicate()
    {
        _partition.Apply(StartMs, Impression(7, StartMs));
        _partition.Apply(WindowEndMs + 59_000, Impression(DedupePage.Bits, WindowEndMs));
        _partition.Apply(WindowEndMs, Impression(7, StartMs));

        Assert.Equal(new SignalLedger(3, 2, 1, 0, 0), _partition.Ledger);
    }

    [Fact]
    public void Apply_SignalsWithIdsOfTheirOwn_EarnUpToTheCapAcrossReopening()
    {
        var click = new TestSignal("default", 7, StartMs, false, "click", 0, 0);
        _partition.Apply(StartMs, click, click with { Id = 1 }, click with { Id = 2 });
        _partition.Reopen();
        _partition.Apply(StartMs, click with { Id = 3 }, click with { Id = 3 }, click with { Type = "conversion" });

        Assert.Equal(new SignalLedger(6, 5, 1, 0, 0), _partition.Ledger);
        Assert.Equal(5_000_000, _partition.Counts().Sum(TallySource.Learned).RewardMicros);
    }

    [Fact]
    public void Apply_MorePagesThanAreRemembered_QuarantinesWhatItCannotTellApart()
    {
        var page = new DedupePage();
        page.Set(7, WindowEndMs);
        var core = new PartitionCore(new PartitionCheckpoint(0, 1, 0, default, [],
            [.. Enumerable.Range(0, 65_536).Select(issuer => KeyValuePair.Create(new PageKey((ulong)issuer, RewardRules.ImpressionKey, 0), page))], []));

        Apply(core, Impression(7, StartMs) with { Issuer = 5 }, Impression(8, StartMs) with { Issuer = 5 }, Impression(7, StartMs) with { Issuer = 70_000 });

        Assert.Equal(new SignalLedger(3, 1, 1, 0, 1), core.Ledger);
    }

    /// <summary>A body that trickles in is accepted early and appended late: by then its bit may be gone.</summary>
    [Fact]
    public void Apply_AcceptedInTimeButAppendedAfterTheBitWentAway_IsLateNotCountedAgain()
    {
        _partition.Apply(StartMs, Impression(7, StartMs));
        _partition.Apply(WindowEndMs + 120_000, Impression(8, WindowEndMs + 120_000));

        _partition.Apply(WindowEndMs - 1, Impression(7, StartMs));

        Assert.Equal(new SignalLedger(3, 2, 0, 1, 0), _partition.Ledger);
    }

    /// <summary>An event may be dated a little ahead; its id has to be remembered for as long as it could come again.</summary>
    [Fact]
    public void Apply_ObservedDatedAhead_IsRememberedForItsOwnWindow()
    {
        var aheadMs = StartMs + 200_000;
        _partition.Apply(StartMs, Observed(5, aheadMs));
        _partition.Apply(WindowEndMs + 150_000, Impression(8, WindowEndMs + 150_000));

        _partition.Apply(WindowEndMs + 150_000, Observed(5, aheadMs));

        Assert.Equal(new SignalLedger(3, 2, 1, 0, 0), _partition.Ledger);
    }

    [Fact]
    public void Apply_MoreIdsThanAreRemembered_QuarantinesWhatItCannotTellApart()
    {
        var core = new PartitionCore(new PartitionCheckpoint(0, 1, 0, default, [], [], [.. Enumerable.Range(1, 1_000_000).Select(id => new RememberedId((UInt128)id, WindowEndMs, 0, 0, 0))]));

        Apply(core, Observed(5, StartMs), Observed(2_000_000, StartMs), Impression(7, StartMs) with { Id = 3_000_000 }, Impression(7, StartMs));

        Assert.Equal(new SignalLedger(4, 1, 1, 0, 2), core.Ledger);
        Assert.Equal(2, core.TakeCommit(out _)!.Quarantined.Count);
    }

    private static void Apply(PartitionCore core, params TestSignal[] signals)
    {
        var builder = new EntryBuilder();
        foreach (var signal in signals)
            signal.AddTo(builder, Rules, WindowSeconds);
        core.Apply(new LogEntry(core.Offset + 1, signals.Length, builder.Build(StartMs)));
    }
}
