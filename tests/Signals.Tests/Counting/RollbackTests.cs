using System.Buffers.Binary;
using System.Text.Json;
using Flywheel.Decisions;
using Flywheel.Domain.Learning;
using Flywheel.Domain.Learning.Checkpoints;
using Flywheel.Domain.Learning.Evidence;
using static Flywheel.Signals.Tests.Counting.CountedPartition;

namespace Flywheel.Signals.Tests.Counting;

/// <summary>A rollback takes back what is learnt from, to the last signal, and nothing that was counted.</summary>
public sealed class RollbackTests
{
    private const long MinuteMs = 60_000;

    /// <summary>The attribution window of the signals here.</summary>
    private const uint HourSeconds = 3_600;

    private static readonly SegmentId Segment = new("spring", 1, "default");

    private readonly CountedPartition _partition = new();

    /// <summary>All that was sent, with the time it was accepted at, for the account that the evidence is held against.</summary>
    private readonly List<(long AcceptedAtMs, Sent Signal)> _sent = [];

    private ulong _decisions;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void RollBack_InTheMidstOfTraffic_LearnsFromExactlyWhatWasThereBeforeAndWhatCameOfLaterDecisions(bool reopens)
    {
        var random = new Random(5);
        Serve(random, fromMinute: 0, toMinute: 40, reopens);
        var counted = _partition.Counts();
        var at = At(41);

        var to = RollBack(at, At(20));
        if (reopens)
            _partition.Reopen();

        Assert.InRange(to.AtMs, At(20) - 6 * MinuteMs, At(20));
        AssertLearnt(before: to.AtMs, after: at, leftOut: []);
        AssertCountedAs(counted);
        Serve(random, fromMinute: 41, toMinute: 60, reopens);
        AssertLearnt(before: to.AtMs, after: at, leftOut: [(to.AtMs, at)]);
        Assert.True(_sent.Exists(sent => sent.AcceptedAtMs > at && sent.Signal.DecidedAtMs > to.AtMs && sent.Signal.DecidedAtMs <= at), "some signals of the time that was taken back came late");
    }

    [Fact]
    public void RollBack_Again_IsOnTopOfTheFirst()
    {
        var random = new Random(6);
        Serve(random, 0, 30);
        var first = RollBack(At(31), At(15));
        Serve(random, 31, 50);

        var second = RollBack(At(51), At(45));
        Serve(random, 51, 70, reopens: true);

        Assert.True(second.AtMs > At(31), "the second goes back to a time after the first");
        AssertLearnt([new(0, first.AtMs), new(At(31), second.AtMs), new(At(51), long.MaxValue)], [(first.AtMs, At(31)), (second.AtMs, At(51))]);
        Assert.Equal((2, At(51)), (_partition.Counts().LeftOut!.Rollbacks, _partition.Counts().LeftOut!.LastMs));
    }

    [Fact]
    public void RollBack_ToBeforeAnEarlierRollback_LeavesOutAllThatCameBetween()
    {
        var random = new Random(7);
        Serve(random, 0, 30);
        RollBack(At(31), At(25));
        Serve(random, 31, 50);

        var second = RollBack(At(51), At(10));
        Serve(random, 51, 60);

        AssertLearnt(second.AtMs, At(51), [(second.AtMs, At(51))]);
        Assert.Equal([new LeftOutSpan(second.AtMs, At(51))], _partition.Counts().LeftOut!.Spans);
    }

    [Fact]
    public void RollBack_ToTheMomentBeforeARollback_UndoesIt()
    {
        var random = new Random(8);
        Serve(random, 0, 30);
        var evidence = Learnt();
        RollBack(At(31), At(12));
        Assert.NotEqual(evidence, Learnt());
        _partition.Reopen();

        RollBack(At(32), At(31) - 1);

        Assert.Equal(evidence, Learnt());
        Serve(random, 32, 40);
        AssertLearnt([new(0, At(31)), new(At(32), long.MaxValue)], [(At(31) - 1, At(32))]);
    }

    [Fact]
    public void RollBack_ToATimeAfterARollback_IsTheStateThatItWentBackTo()
    {
        Serve(new Random(9), 0, 30);
        var evidence = JsonSerializer.Serialize(EvidenceAt(RollBack(At(31), At(12)).AtMs));

        RollBack(At(33), At(32));

        Assert.Equal(evidence, Learnt());
    }

    [Fact]
    public void RollBack_OfASegmentThatBeganAfterThat_ForgetsAllOfIt()
    {
        Serve(new Random(10), 0, 2);
        var start = Assert.Single(_partition.Checkpoints());
        Assert.Equal((1, 0, 0), (start.AtMs, start.Impressions, start.RewardMicros));

        RollBack(At(3), At(-5));

        Assert.Empty(_partition.Counts().Evidence!.Buckets);
        Assert.Equal((0, 0), (_partition.Counts().Learnt.Impressions, _partition.Counts().Learnt.RewardMicros));
        Assert.True(_partition.Counts().Randomised.Impressions > 0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void RollBack_ToBeforeAllCheckpoints_ChangesNothing(bool unknown)
    {
        Serve(new Random(11), 0, 30);
        var (counts, evidence) = (_partition.Counts(), Learnt());

        var commit = unknown
            ? _partition.Apply(At(31), 0, builder => builder.AddRollback(Segment with { Segment = "nobody" }, At(31), At(31)))
            : _partition.RollBack(At(31), 0);

        Assert.Empty(commit.Segments);
        Assert.Equal((counts.Version, evidence), (_partition.Counts().Version, Learnt()));
    }

    [Fact]
    public void Apply_RollbackThatIsCut_IsQuarantinedAndChangesNothing()
    {
        Serve(new Random(12), 0, 10);
        var builder = new EntryBuilder();
        builder.AddRollback(Segment, 1, 1);
        var body = builder.Build(At(11));

        var commit = _partition.Apply(0, [.. body[..^3], 2, 11, 0]);

        Assert.Single(commit.Quarantined);
        Assert.Null(_partition.Counts().LeftOut);
    }

    [Fact]
    public void Apply_RollbackThatWasCountedAndNotCommitted_IsCountedOnce()
    {
        var store = new MemoryStore();
        Append(store, At(0), Enumerable.Range(0, 50).Select(i => new Sent((ulong)i, At(0), 1, 2, "impression")));
        Commit(store);
        Append(store, At(6), [new Sent(100, At(6), 1, 2, "impression")]);
        Commit(store);
        var builder = new EntryBuilder();
        builder.AddRollback(Segment, At(7), At(5));
        store.Append(new AppendBatch(1, At(7), [new PartitionEntry(0, 0, builder.Build(At(7)))]));
        var lost = new PartitionCore(store.Open());
        foreach (var entry in store.Read(lost.Offset))
            lost.Apply(entry);

        var core = Commit(store);

        Assert.Equal((1, 50, 51), (core.CountsOf(Segment)!.LeftOut!.Rollbacks, core.CountsOf(Segment)!.Learnt.Impressions, core.CountsOf(Segment)!.Randomised.Impressions));
        Assert.Equal(lost.CheckpointsOf(Segment).Select(KeyOf), core.CheckpointsOf(Segment).Select(KeyOf));
    }

    [Fact]
    public void Forget_TheCampaign_ForgetsItsCheckpoints()
    {
        Serve(new Random(13), 0, 30);
        Assert.Single(_partition.Stored(id => id.Campaign.EndsWith("/spring", StringComparison.Ordinal)));

        _partition.Forget(At(31));

        Assert.Empty(_partition.Checkpoints());
        Assert.Empty(_partition.Stored(id => id.Campaign.EndsWith("/spring", StringComparison.Ordinal)));
    }

    [Fact]
    public void Checkpoints_OfTwoWeeks_AreFewAndFineAtThePresent()
    {
        for (var minute = 0; minute < 14 * 24 * 60; minute += 5)
            Send(At(minute), [Decide(At(minute))]);

        var (now, kept) = (At(14 * 24 * 60 - 5), _partition.Checkpoints());
        Assert.InRange(kept.Count, CheckpointRule.MostRegular - 1, CheckpointRule.MostRegular);
        Assert.Equal(kept, _partition.Checkpoints().OrderBy(checkpoint => checkpoint.AtMs));
        Assert.InRange(now - kept[^1].AtMs, 0, 10 * MinuteMs);
        Assert.True(now - kept[0].AtMs > CheckpointRule.KeptFor.TotalMilliseconds, "a week back there is one still");
        Assert.True(now - kept[1].AtMs <= CheckpointRule.KeptFor.TotalMilliseconds + 1, "what is older than a week is let go of");
        for (var i = 0; i < kept.Count - 1; i++)
            Assert.Equal(JsonSerializer.Serialize(EvidenceAt(kept[i].AtMs).Buckets.Sum(bucket => bucket.Impressions)), JsonSerializer.Serialize(kept[i].Impressions));
    }

    [Fact]
    public void Checkpoints_OfASegmentCountedByAnEarlierVersion_BeginWithWhatIsThere()
    {
        // As an earlier version left it: counts and no checkpoints.
        Serve(new Random(14), 0, 30);
        var stored = Assert.Single(_partition.Stored(id => id == Segment));
        var core = new PartitionCore(new PartitionCheckpoint(0, 2, 0, default, [stored], [], []));
        Assert.Empty(core.CheckpointsOf(Segment));
        var builder = new EntryBuilder();
        Decide(At(31)).AddTo(builder);

        core.Apply(new LogEntry(1, 1, builder.Build(At(31))));

        Assert.Equal(_partition.Counts().Learnt.Impressions, Assert.Single(core.CheckpointsOf(Segment)).Impressions);
    }

    [Fact]
    public void Checkpoints_ForAnEarlierVersion_AreASegmentThatCountedNothing()
    {
        Serve(new Random(15), 0, 30);
        RollBack(At(31), At(10));
        var stored = Assert.Single(_partition.Stored(id => id.Campaign.EndsWith("/spring", StringComparison.Ordinal)));

        var counts = new PartitionCore(new PartitionCheckpoint(0, 2, 0, default, [new(Segment, stored.Value)], [], [])).CountsOf(Segment)!;

        Assert.Equal((0, default, 0), (counts.Version, counts.Ledger, counts.Channels.Length));
        Assert.Empty(counts.Evidence!.Buckets);
    }

    [Fact]
    public void Checkpoints_OfAnUnknownFormatOrCutInTheirHead_SaySo()
    {
        Serve(new Random(16), 0, 30);
        var stored = Assert.Single(_partition.Stored(id => id.Campaign.EndsWith("/spring", StringComparison.Ordinal)));
        for (var length = 0; length < 40; length++)
            Assert.Throws<InvalidDataException>(() => Open(stored.Value[..length]));
        var other = (byte[])[.. stored.Value];
        other[17] = 99;
        Assert.Throws<InvalidDataException>(() => Open(other));

        void Open(byte[] bytes) => _ = new PartitionCore(new PartitionCheckpoint(0, 2, 0, default, [new(stored.Key, bytes)], [], []));
    }

    [Fact]
    public void Checkpoints_OfALargeSegment_TakeLittleMoreThanItsEvidence()
    {
        var random = new Random(17);
        for (var minute = 0; minute < 180; minute++)
            Send(At(minute), [.. Enumerable.Range(0, 300).SelectMany(_ => Click(random, At(minute), 12))]);

        var counts = Assert.Single(_partition.Stored(id => id == Segment)).Value.Length;
        var checkpoints = Assert.Single(_partition.Stored(id => id.Campaign.EndsWith("/spring", StringComparison.Ordinal))).Value.Length;
        Assert.Equal(CheckpointRule.MostRegular, _partition.Checkpoints().Count);
        Assert.True(checkpoints < 6 * counts, $"{checkpoints} bytes of checkpoints for {counts} of counts");
    }

    private static long At(double minute) => StartMs + (long)(minute * MinuteMs);

    private static (long, long, CheckpointKind, long, long) KeyOf(PolicyCheckpoint checkpoint) =>
        (checkpoint.AtMs, checkpoint.KeptAtMs, checkpoint.Kind, checkpoint.Impressions, checkpoint.RewardMicros);

    /// <summary>Signals of every half minute: decisions of now, and clicks of some and impressions of few that were made up to twenty minutes ago.</summary>
    private void Serve(Random random, int fromMinute, int toMinute, bool reopens = false)
    {
        for (var minute = fromMinute + 0.5; minute < toMinute; minute += 0.5)
        {
            var now = At(minute);
            var signals = new List<Sent>();
            for (var i = 0; i < 8; i++)
                signals.AddRange(Click(random, now - (random.Next(4) == 0 ? random.Next((int)(20 * MinuteMs)) : 0), 3));
            Send(now, signals);
            if (reopens)
                _partition.Reopen();
        }
    }

    private IEnumerable<Sent> Click(Random random, long decidedAtMs, int modules)
    {
        var decision = Decide(decidedAtMs) with { First = (ulong)random.Next(modules), Second = 100 + (ulong)random.Next(modules) };
        yield return decision;
        if (random.Next(5) == 0)
            yield return decision with { Type = "click" };
    }

    private Sent Decide(long decidedAtMs) => new(_decisions++, decidedAtMs, 1, 100, "impression");

    private void Send(long acceptedAtMs, IReadOnlyCollection<Sent> signals)
    {
        _sent.AddRange(signals.Select(signal => (acceptedAtMs, signal)));
        _partition.Apply(acceptedAtMs, signals.Count, builder =>
        {
            foreach (var signal in signals)
                signal.AddTo(builder);
        });
    }

    private PolicyCheckpoint RollBack(long atMs, long toMs)
    {
        var kept = _partition.Checkpoints();
        var to = kept[CheckpointRule.NewestNotAfter(kept, toMs)];
        _partition.RollBack(atMs, toMs);
        return to;
    }

    private string Learnt() => JsonSerializer.Serialize(_partition.Counts().Evidence);

    private SegmentEvidence EvidenceAt(long atMs) => Account([(0, atMs)], []);

    private void AssertLearnt(long before, long after, (long, long)[] leftOut) => AssertLearnt([(0, before), (after, long.MaxValue)], leftOut);

    private void AssertLearnt((long After, long UpTo)[] accepted, (long After, long UpTo)[] leftOut)
    {
        var evidence = Account(accepted, leftOut);
        Assert.Equal(JsonSerializer.Serialize(evidence), Learnt());
        Assert.Equal(evidence.Buckets.Sum(bucket => bucket.Impressions), _partition.Counts().Learnt.Impressions);
        Assert.Equal(evidence.Buckets.Sum(bucket => bucket.RewardMicros), _partition.Counts().Learnt.RewardMicros);
    }

    /// <summary>The evidence of what was accepted in these times, but for decisions that were made in those.</summary>
    private SegmentEvidence Account((long After, long UpTo)[] accepted, (long After, long UpTo)[] leftOut)
    {
        var table = new EvidenceTable();
        foreach (var (atMs, signal) in _sent)
        {
            if (accepted.Any(span => atMs > span.After && atMs <= span.UpTo) && !leftOut.Any(span => atMs > span.UpTo && signal.DecidedAtMs > span.After && signal.DecidedAtMs <= span.UpTo))
                table.Add([signal.First, signal.Second], signal.Type == "impression" ? 1 : 0, signal.Type == "click" ? 1_000_000 : 0, signal.DecidedAtMs, atMs);
        }
        return table.ToEvidence();
    }

    private void AssertCountedAs(SegmentCounts before)
    {
        var now = _partition.Counts();
        Assert.Equal(before.Ledger, now.Ledger);
        Assert.Equal(JsonSerializer.Serialize(before.Channels), JsonSerializer.Serialize(now.Channels));
        Assert.Equal(before.Version + 1, now.Version);
    }

    private static void Append(MemoryStore store, long acceptedAtMs, IEnumerable<Sent> signals)
    {
        var builder = new EntryBuilder();
        foreach (var signal in signals)
            signal.AddTo(builder);
        store.Append(new AppendBatch(1, acceptedAtMs, [new PartitionEntry(0, builder.Signals, builder.Build(acceptedAtMs))]));
    }

    private static PartitionCore Commit(MemoryStore store)
    {
        var core = new PartitionCore(store.Open());
        foreach (var entry in store.Read(core.Offset))
            core.Apply(entry);
        Assert.True(store.Commit(core.TakeCommit(out _)!));
        return core;
    }

    /// <summary>A signal of a decision that served a module of either slot.</summary>
    private sealed record Sent(ulong Decision, long DecidedAtMs, ulong First, ulong Second, string Type)
    {
        public void AddTo(EntryBuilder builder)
        {
            var modules = new byte[16];
            BinaryPrimitives.WriteUInt64BigEndian(modules, First);
            BinaryPrimitives.WriteUInt64BigEndian(modules.AsSpan(8), Second);
            builder.Add(Segment, Rules, new DecisionSignal
            {
                Issuer = 3,
                Counter = Decision,
                IssuedAtMs = DecidedAtMs,
                WindowSeconds = HourSeconds,
                Group = Decision % 10 == 0 ? Group.Control : Group.Learned,
                Type = RewardRules.TypeKey(Type),
                ModuleKeys = modules,
            });
        }
    }
}
