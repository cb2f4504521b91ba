using Flywheel.Decisions;
using Flywheel.Domain.Learning;
using Flywheel.Domain.Learning.Checkpoints;
using Flywheel.Domain.Learning.Evidence;
using Flywheel.Signals.Tests.Counting;

namespace Flywheel.Signals.Tests.Golden;

/// <summary>What is on disk stays readable, and is written as it always was.</summary>
public sealed class StoredFormatTests
{
    private static readonly SegmentId Default = new("spring", 7, "default");
    private static readonly SegmentId Young = new("spring", 7, "young");

    private const string SampleName = "\u0001sample";
    private static readonly SegmentId CheckpointsOfDefault = new("\u0001checkpoints/spring", 7, "default");
    private static readonly SegmentId SampleOfDefault = new(SampleName, 0, "119");
    private static readonly SegmentId SampleOfYoung = new(SampleName, 0, "73");

    [Fact]
    public void Build_EntryOfEveryRecord_IsTheGoldenFile() => AssertGolden("entry", GoldenFiles.Entry());

    [Fact]
    public void TakeCommit_OfTheGoldenEntry_WritesTheGoldenState()
    {
        var core = new PartitionCore(new MemoryStore().Open());
        core.Apply(new LogEntry(1, GoldenFiles.EntrySignals, GoldenFiles.Read("entry")));
        var commit = core.TakeCommit(out _)!;

        AssertGolden("summary", commit.Summary);
        AssertGolden("segment-default-2", commit.Segments.Single(segment => segment.Key == Default).Value);
        AssertGolden("segment-young-2", commit.Segments.Single(segment => segment.Key == Young).Value);
        AssertGolden("page", commit.Dedupe.Pages.Single(page => page.Key.Page == 1).Bits);
        Assert.Equal(
            [(new PageKey(0x0102030405060708, RewardRules.ImpressionKey, 1), 1_777_003_600_000), (new PageKey(0x0102030405060708, RewardRules.TypeKey("click"), 0), 1_777_003_600_000)],
            commit.Dedupe.Pages.Select(page => (page.Key, page.ExpiresAtMs)).OrderByDescending(page => page.Key.Page));
        Assert.Equal(
            [new RememberedId(new UInt128(5, 6), 1_777_003_600_000, 0x0102030405060708, 4_097, 5_000_000), new RememberedId(new UInt128(7, 8), GoldenFiles.AcceptedAtMs + 3_600_000, 0, 0, 0)],
            commit.Dedupe.AddedIds);
    }

    [Fact]
    public void Build_EntryWithPropensities_IsTheGoldenFile() => AssertGolden("entry-propensity", GoldenFiles.EntryWithPropensity());

    [Fact]
    public void TakeCommit_OfTheGoldenEntryWithPropensities_WritesTheGoldenSample()
    {
        var core = new PartitionCore(new MemoryStore().Open());
        core.Apply(new LogEntry(1, GoldenFiles.EntryWithPropensitySignals, GoldenFiles.Read("entry-propensity")));

        var chunks = core.TakeCommit(out var changes)!.Segments.Where(segment => segment.Key.Campaign == SampleName).ToList();

        Assert.Equal([SampleOfYoung, SampleOfDefault], chunks.Select(chunk => chunk.Key));
        AssertGolden("sample-young", chunks[0].Value);
        AssertGolden("sample-default", chunks[1].Value);
        Assert.Equal([Default, Young], changes.Select(change => change.Key).Order(Comparer<SegmentId>.Create((a, b) => string.CompareOrdinal(a.Segment, b.Segment))));
    }

    [Fact]
    public void PartitionCore_FromTheStoredSample_HasItsDecisionsAndNoMoreSegments()
    {
        var core = new PartitionCore(new PartitionCheckpoint(0, 2, 1, default,
            [new(SampleOfDefault, GoldenFiles.Read("sample-default")), new(SampleOfYoung, GoldenFiles.Read("sample-young"))], [], []));

        Assert.Empty(core.Segments);
        var (young, common) = (Assert.Single(core.Sample("spring", 7, "young")), Assert.Single(core.Sample("spring", 7, "default")));
        Assert.Equal(
            (Default, 0x0102030405060708UL, 4_097UL, 1_777_000_000_000, Group.Learned, 0.3, "email", 1_000_000),
            (common.Segment, common.Issuer, common.Counter, common.DecidedAtMs, common.Group, common.Propensity, common.Channel, common.RewardMicros));
        Assert.Equal((Young, 3UL, Group.Control, 1.0, "", 0), (young.Segment, young.Counter, young.Group, young.Propensity, young.Channel, young.RewardMicros));
        Assert.Equal([9UL, 0xFFFEFDFCFBFAF9F8], common.Modules);
        Assert.Empty(core.Sample("spring", 8, null));
    }

    [Fact]
    public void PartitionCore_SampleOfAnUnknownFormatOrCut_SaysSo()
    {
        var stored = GoldenFiles.Read("sample-default");
        Assert.Throws<InvalidDataException>(() => OpenSample([99, .. stored.AsSpan(1)]));
        for (var length = 0; length < stored.Length; length++)
            Assert.Throws<InvalidDataException>(() => OpenSample(stored[..length]));
    }

    [Fact]
    public void Build_EntryWithValues_IsTheGoldenFile() => AssertGolden("entry-values", GoldenFiles.EntryWithValues());

    [Fact]
    public void Apply_StoredEntryWithValues_CountsWhatItSays()
    {
        var core = new PartitionCore(new MemoryStore().Open());
        core.Apply(new LogEntry(1, GoldenFiles.EntryWithValuesSignals, GoldenFiles.Read("entry-values")));

        Assert.Equal(new SignalLedger(4, 4, 0, 0, 0), core.Ledger);
        Assert.Equal(5_000_000 + 4_990_000 + 5_000_000 + 1_000_000, core.CountsOf(Default)!.Sum(TallySource.Learned, "email").RewardMicros);
        Assert.Equal(12 * 5_000_000 + 60_000_000, core.CountsOf(Default)!.Sum(TallySource.Observed, "earned").RewardMicros);
        Assert.Equal(50_000_000, core.CountsOf(Young)!.Sum(TallySource.Control).RewardMicros);
    }

    [Fact]
    public void Build_EntryWithBeacons_IsTheGoldenFile() => AssertGolden("entry-beacons", GoldenFiles.EntryWithBeacons());

    [Fact]
    public void Apply_StoredEntryWithBeacons_KeepsThemUntilTheImpressionComes()
    {
        var core = new PartitionCore(new MemoryStore().Open());
        core.Apply(new LogEntry(1, 2, GoldenFiles.Read("entry-beacons")));
        Assert.Equal(new SignalLedger(2, 0, 0, 0, 2), core.Ledger);

        core.Apply(new LogEntry(2, 2, GoldenFiles.Read("entry-propensity")));

        Assert.Equal((1, 1), (core.Ledger.Duplicate, core.Ledger.Quarantined));
    }

    [Fact]
    public void Build_EntryWithLeasedDecisions_IsTheGoldenFile() => AssertGolden("entry-leased", GoldenFiles.EntryWithLeasedDecisions());

    [Fact]
    public void Apply_StoredEntryWithLeasedDecisions_CountsWhatItSaysOnce()
    {
        var core = new PartitionCore(new MemoryStore().Open());
        core.Apply(new LogEntry(1, 0, GoldenFiles.Read("entry-leased")));
        core.Apply(new LogEntry(2, 0, GoldenFiles.Read("entry-leased")));

        Assert.Equal(default, core.Ledger);
        Assert.Equal(300, core.CountsOf(Default)!.Sum(TallySource.Learned, "email").Decisions);
        Assert.Equal(20, core.CountsOf(Default)!.Sum(TallySource.Control, "email").Decisions);
        Assert.Equal(new Assignment(310, 19, 15_500_000), core.CountsOf(Default)!.Assignment);
        Assert.Equal(1, core.CountsOf(Young)!.Sum(TallySource.Learned).Decisions);
        Assert.Equal(
            [(0UL, 1_777_007_200_000), (1UL, 1_777_007_200_000)],
            core.TakeCommit(out _)!.Dedupe.Pages.Select(page => (page.Key.Page, page.ExpiresAtMs)).Order());
    }

    [Fact]
    public void Build_EntryWithARollback_IsTheGoldenFile() => AssertGolden("entry-rollback", GoldenFiles.EntryWithRollback());

    [Fact]
    public void TakeCommit_OfTheGoldenRollback_WritesTheGoldenStates()
    {
        var core = new PartitionCore(new MemoryStore().Open());
        core.Apply(new LogEntry(1, GoldenFiles.EntryWithPropensitySignals, GoldenFiles.Read("entry-propensity")));
        core.Apply(new LogEntry(2, 0, GoldenFiles.Read("entry-rollback")));

        AssertGolden("segment-default-rolled-back", core.TakeCommit(out _)!.Segments.Single(segment => segment.Key == Default).Value);
    }

    /// <summary>What is compressed may be written otherwise by another version of the compressor: it is read, and not compared.</summary>
    [Fact]
    public void PartitionCore_FromTheStoredRollback_GoesBackToWhatItTookBack()
    {
        var core = new PartitionCore(new PartitionCheckpoint(0, 2, 2, default,
            [new(Default, GoldenFiles.Read("segment-default-rolled-back")), new(CheckpointsOfDefault, GoldenFiles.Read("checkpoints-default"))], [], []));
        const long atMs = GoldenFiles.AcceptedAtMs + 60_000;
        Assert.Equal(
            [(7, CheckpointKind.Regular, 0), (atMs - 1, CheckpointKind.BeforeRollback, 1), (atMs, CheckpointKind.RolledBack, 0)],
            core.CheckpointsOf(Default).Select(kept => (kept.AtMs, kept.Kind, kept.Impressions)));
        Assert.Equal((1, atMs, 1, 1_000_000), core.LeftOutOf(Default) is var leftOut ? (leftOut.Rollbacks, leftOut.LastMs, leftOut.Impressions, leftOut.RewardMicros) : default);
        Assert.Equal([new LeftOutSpan(7, atMs)], core.LeftOutOf(Default).Spans);
        Assert.Empty(core.CountsOf(Default)!.Evidence!.Buckets);
        var builder = new EntryBuilder();
        builder.AddRollback(Default, atMs + 5, atMs - 1);

        core.Apply(new LogEntry(3, 0, builder.Build(atMs + 5)));

        Assert.Equal((1, 1_000_000), (core.CountsOf(Default)!.Evidence!.Buckets.Single().Impressions, core.CountsOf(Default)!.Learnt.RewardMicros));
    }

    [Fact]
    public void Apply_StoredEntry_CountsWhatItSays()
    {
        var core = new PartitionCore(new MemoryStore().Open());
        core.Apply(new LogEntry(1, GoldenFiles.EntrySignals, GoldenFiles.Read("entry")));

        AssertCounts(core);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-2")]
    public void PartitionCore_FromStoredState_GoesOnCounting(string format)
    {
        var core = new PartitionCore(new PartitionCheckpoint(0, 2, 1, GoldenFiles.Read("summary"),
            [new(Default, GoldenFiles.Read("segment-default" + format)), new(Young, GoldenFiles.Read("segment-young" + format))],
            [new(new PageKey(0x0102030405060708, RewardRules.ImpressionKey, 1), new DedupePage(GoldenFiles.Read("page"), 1_777_003_600_000))],
            [new RememberedId(new UInt128(5, 6), 1_777_003_600_000, 0x0102030405060708, 4_097, 5_000_000)]));
        AssertCounts(core);

        core.Apply(new LogEntry(2, GoldenFiles.EntrySignals, GoldenFiles.Read("entry")));

        Assert.Equal(new SignalLedger(8, 6, 2, 0, 0), core.Ledger);
        Assert.Equal(1, core.CountsOf(Default)!.Sum(TallySource.Learned).Impressions);
        Assert.Equal(24_000_000, core.CountsOf(Default)!.Sum(TallySource.Observed).RewardMicros);
    }

    [Theory]
    [InlineData("summary")]
    [InlineData("segment-default")]
    [InlineData("segment-default-2")]
    public void PartitionCore_StateOfAnUnknownFormatOrCut_SaysSo(string name)
    {
        var stored = GoldenFiles.Read(name);
        Assert.Throws<InvalidDataException>(() => Open(name, [99, .. stored.AsSpan(1)]));
        Assert.Throws<InvalidDataException>(() => Open(name, stored[..^1]));
    }

    [Fact]
    public void PartitionCore_StateWithoutEvidence_LearnsFromItsCounts()
    {
        var counts = Open("segment-default", GoldenFiles.Read("segment-default")).CountsOf(Default)!;

        Assert.Equal(1, counts.Evidence!.Buckets.Single().Impressions);
        Assert.Equal(5_000_000, counts.Evidence.Buckets.Single().RewardMicros);
        Assert.Equal([9UL, 0xFFFEFDFCFBFAF9F8], counts.Evidence.Modules);
    }

    [Fact]
    public void PartitionCore_StateOfTheGoldenEntry_KeepsWhenThingsHappened()
    {
        var evidence = Open("segment-default-2", GoldenFiles.Read("segment-default-2")).CountsOf(Default)!.Evidence!;

        Assert.Equal(GoldenFiles.AcceptedAtMs, evidence.AsOfMs);
        Assert.Equal(1_777_000_000_000, evidence.Buckets.Single().StartMs);
        Assert.Equal([1L, 1L], evidence.Buckets.Single().ModuleImpressions);
        Assert.Equal((1L, 5_000_000L), (evidence.Pairs.Single().Impressions, evidence.Pairs.Single().RewardMicros));
        Assert.Equal(1, evidence.Delays[DelayBins.Of(60_000)]);
    }

    /// <summary>Where a segment is counted is stored with its counts: it never moves.</summary>
    [Theory]
    [InlineData("spring", "default", 32, 12)]
    [InlineData("spring", "young-urban", 32, 8)]
    [InlineData("summer", "default", 32, 10)]
    [InlineData("summer", "default", 16, 10)]
    public void PartitionOf_StoredSegment_NeverChanges(string campaign, string segment, int partitions, int partition)
    {
        Assert.Equal(partition, new SegmentId(campaign, 7, segment).PartitionOf(partitions));
        Assert.Equal(partition, new SegmentId(campaign, 8, segment).PartitionOf(partitions));
    }

    private static void AssertCounts(PartitionCore core)
    {
        var (common, young) = (core.CountsOf(Default)!, core.CountsOf(Young)!);
        Assert.Equal(new SignalLedger(4, 4, 0, 0, 0), core.Ledger);
        Assert.Equal((new SignalLedger(3, 3, 0, 0, 0), new SignalLedger(1, 1, 0, 0, 0)), (common.Ledger, young.Ledger));
        Assert.Equal(["", "earned", "email"], common.Channels.Select(channel => channel.Channel));
        Assert.Equal(new GroupTally(300, 1, 5_000_000), common.Sum(TallySource.Learned));
        Assert.Equal(new GroupTally(20, 0, 0), common.Sum(TallySource.Control));
        Assert.Equal(new GroupTally(0, 0, 12_000_000), common.Sum(TallySource.Observed));
        Assert.Equal((1, 5_000_000), common.SumModules()[(9, TallySource.Learned)]);
        Assert.Equal((1, 5_000_000), common.SumModules()[(0xFFFEFDFCFBFAF9F8, TallySource.Learned)]);
        Assert.Equal((0, 12_000_000), common.SumModules()[(9, TallySource.Observed)]);
        Assert.Equal(new GroupTally(0, 0, 1_000_000), young.Sum(TallySource.Control, "email"));
    }

    private static PartitionCore Open(string name, byte[] bytes) => new(new PartitionCheckpoint(
        0, 1, 0, name == "summary" ? bytes : default, name == "summary" ? [] : [new(Default, bytes)], [], []));

    private static PartitionCore OpenSample(byte[] bytes) => new(new PartitionCheckpoint(0, 1, 0, default, [new(SampleOfDefault, bytes)], [], []));

    private static void AssertGolden(string name, byte[] written) => Assert.Equal(Convert.ToHexString(GoldenFiles.Read(name)), Convert.ToHexString(written));
}
