using Flywheel.Decisions;
using static Flywheel.Signals.Tests.Counting.CountedPartition;

namespace Flywheel.Signals.Tests.Counting;

/// <summary>The sample of decisions: uniform, bounded, and the same whatever became of its owners.</summary>
public sealed class DecisionSampleTests
{
    private const int MaxRows = 16_384;
    private const double Sigmas = 5;

    private readonly CountedPartition _partition = new();

    [Fact]
    public void Apply_FewDecisions_KeepsThemAllWithWhatTheyEarned()
    {
        _partition.Apply(StartMs, Shown(1), Shown(2) with { Control = true, Propensity = 0.5, Channel = "email", Module = 11 });
        _partition.Apply(StartMs, Earning(1, "click"));

        var rows = _partition.Sample();

        Assert.Equal([(1UL, 0.25, 1_000_000L), (2UL, 0.5, 0L)], rows.Select(row => (row.Counter, row.Propensity, row.RewardMicros)));
        Assert.Equal((Flywheel.Decisions.Group.Control, "email", 11UL, StartMs), (rows[1].Group, rows[1].Channel, Assert.Single(rows[1].Modules), rows[1].DecidedAtMs));
    }

    [Fact]
    public void Apply_RewardTwice_IsAddedOnceAndUpToTheCap()
    {
        _partition.Apply(StartMs, Shown(1), Earning(1, "click"), Earning(1, "click"));
        _partition.Reopen();
        _partition.Apply(StartMs, Earning(1, "click"));
        Assert.Equal(1_000_000, Assert.Single(_partition.Sample()).RewardMicros);

        _partition.Apply(StartMs, Earning(1, "conversion"), Shown(1));

        Assert.Equal(5_000_000, Assert.Single(_partition.Sample()).RewardMicros);
    }

    [Fact]
    public void Apply_RewardBeforeItsImpression_ShowsOnceBothAreThere()
    {
        _partition.Apply(StartMs, Earning(1, "click"));
        Assert.Empty(_partition.Sample());
        _partition.Reopen();

        _partition.Apply(StartMs, Shown(1));

        Assert.Equal(1_000_000, Assert.Single(_partition.Sample()).RewardMicros);
    }

    [Fact]
    public void Apply_LateOrObservedOrOfUnknownPropensity_IsLeftOut()
    {
        _partition.Apply(StartMs, TestSignal.Impression(1, StartMs), TestSignal.Observed(5, StartMs), Shown(2) with { Propensity = 2 }, Shown(3) with { Propensity = double.NaN });
        _partition.Apply(WindowEndMs + 1, Shown(4));

        Assert.Empty(_partition.Sample());
        Assert.Equal(3, _partition.Counts().Sum(Domain.Learning.TallySource.Learned).Impressions);
    }

    [Fact]
    public void Apply_PropensityRoundedAboveOne_IsOne()
    {
        _partition.Apply(StartMs, Shown(1) with { Propensity = Math.BitIncrement(1.0) });

        Assert.Equal(1, Assert.Single(_partition.Sample()).Propensity);
    }

    [Fact]
    public void TakeCommit_OneDecision_WritesItsSegmentAndOnePartOfTheSample()
    {
        Fill(1_000);

        var commit = _partition.Apply(StartMs, Shown(5_000));

        Assert.Equal(2, commit.Segments.Count);
        Assert.Single(commit.Segments, segment => Ids.IsValid(segment.Key.Campaign));
        Assert.Single(_partition.Segments);
    }

    /// <summary>Every fourth decision earns something after all impressions came, so a sample that is not blind to that shows it.</summary>
    [Fact]
    public void Apply_MoreDecisionsThanFit_KeepsAUniformSample()
    {
        const int Many = 60_000;
        Fill(Many);
        for (var from = 0; from < Many; from += 4 * EntryBuilder.MaxSignals)
            _partition.Apply(StartMs, [.. Enumerable.Range(0, EntryBuilder.MaxSignals).Select(i => Earning((ulong)(from + 4 * i), "click"))]);

        var rows = _partition.Sample();

        Assert.InRange(rows.Count, MaxRows / 2 - 500, MaxRows);
        AssertShare(rows.Count(row => row.RewardMicros > 0), rows.Count, 0.25);
        Assert.All(rows, row => Assert.Equal(row.Counter % 4 == 0 ? 1_000_000 : 0, row.RewardMicros));
        for (var tenth = 0; tenth < 10; tenth++)
            AssertShare(rows.Count(row => row.Counter / (Many / 10) == (ulong)tenth), rows.Count, 0.1);
    }

    [Fact]
    public void Reopen_AfterTheThresholdFell_GoesOnWithTheSameSample()
    {
        const int Many = 20_000;
        var other = new CountedPartition();
        Fill(Many);
        Fill(Many, other);

        _partition.Reopen();
        Assert.Equal(Described(other), Described(_partition));
        Fill(2 * Many);
        Fill(2 * Many, other);
        _partition.Reopen();

        Assert.Equal(Described(other), Described(_partition));
        Assert.InRange(_partition.Sample().Count, MaxRows / 2 - 500, MaxRows);
    }

    [Fact]
    public void Forget_Campaign_DropsItsDecisionsForGood()
    {
        _partition.Apply(StartMs, Shown(1), Shown(2) with { Segment = "young" }, Shown(3) with { Incarnation = 2 });

        _partition.Forget(StartMs);

        Assert.Empty(_partition.Sample());
        Assert.Equal(3UL, Assert.Single(_partition.Sample(incarnation: 2)).Counter);
        _partition.Reopen();
        _partition.Apply(StartMs, Shown(4));
        Assert.Empty(_partition.Sample());
        Assert.Single(_partition.Sample(incarnation: 2));
    }

    [Fact]
    public void Sample_ThresholdOfAThinnerPartition_IsAsThinAsThat()
    {
        const int Many = 4_000;
        Fill(Many);

        var half = _partition.Sample(threshold: ulong.MaxValue / 2);

        AssertShare(half.Count, Many, 0.5);
        Assert.Equal(Many, _partition.Sample().Count);
    }

    [Fact]
    public void Sample_OneSegment_HasItsDecisionsAlone()
    {
        _partition.Apply(StartMs, Shown(1), Shown(2) with { Segment = "young" });

        Assert.Equal(2UL, Assert.Single(_partition.Sample(segment: "young")).Counter);
        Assert.Equal(2, _partition.Sample().Count);
    }

    private static TestSignal Shown(ulong decision) => TestSignal.Impression(decision, StartMs) with { Propensity = 0.25 };

    private static TestSignal Earning(ulong decision, string type) => Shown(decision) with { Type = type };

    private void Fill(int until) => Fill(until, _partition);

    /// <summary>Shows the decisions up to this one; what was shown before is a duplicate.</summary>
    private static void Fill(int until, CountedPartition partition)
    {
        foreach (var entry in Enumerable.Range(0, until).Chunk(EntryBuilder.MaxSignals))
            partition.Apply(StartMs, [.. entry.Select(decision => Shown((ulong)decision))]);
    }

    private static IEnumerable<string> Described(CountedPartition partition) =>
        partition.Sample().Select(row => $"{row with { Modules = default }} {string.Join(',', row.Modules)}");

    private static void AssertShare(int seen, int of, double share)
    {
        var sigma = Math.Sqrt(of * share * (1 - share));
        Assert.InRange(seen, of * share - Sigmas * sigma, of * share + Sigmas * sigma);
    }
}
