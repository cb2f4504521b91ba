using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Flywheel.Domain.Learning;
using Flywheel.Domain.Learning.Effects;
using Flywheel.Domain.Learning.Evidence;

namespace Flywheel.Domain.Scoring.Fatigue;

/// <summary>
/// Watches the modules of a segment for fatigue. Immutable and pure: <see cref="Observe"/> takes the segment's counts as they grow and
/// gives the watch that is to be shown the next ones, with what it finds. docs/fatigue.md has the method and what was measured.
/// </summary>
/// <remarks>
/// <para>The buckets of <see cref="SegmentEvidence"/> carry time, but a joined bucket does not know that its modules were
/// served at different levels: a module that had its traffic by day and another by night would seem to differ for good. So the watch takes each
/// bucket in while it is still fine, and joins spans only after it has multiplied the impressions by the level of their moment.</para>
/// <para>Lost, it starts anew from the buckets there are. Cost of a look: spans × modules × 60 at most. To be stored as plain JSON.</para>
/// </remarks>
public sealed record FatigueWatch
{
    /// <summary>
    /// The most often that any module of a slot of a segment is found faded, ever (to 10⁹ impressions), while each keeps its rate
    /// relative to the others, or loses less than <see cref="LeastFall"/>.
    /// </summary>
    public const double FalseAlarmRate = 0.01;

    /// <summary>A module that lost less of its rate has not faded.</summary>
    public const double LeastFall = FadeTest.LeastFall;

    public const int MaxSpans = 24;
    public const int MaxCells = 4_096;

    /// <summary>Beyond, company is taken for even: the table may keep four times as many.</summary>
    public const int MaxPairs = 1_024;

    /// <summary>The newest buckets are read off the counts, while rewards still come and before they are joined.</summary>
    private const int FreshBuckets = 6;
    private const int LeastSpans = 8;
    private const double SmallImpressions = 500;

    public static readonly FatigueWatch None = new();

    /// <summary>Keys of the modules watched, slot by slot.</summary>
    public ImmutableArray<ulong> Modules { get; init; } = [];

    /// <summary>The past, in order of time: at most <see cref="MaxSpans"/>, and about <see cref="MaxCells"/> figures of each sort.</summary>
    public ImmutableArray<WatchedSpan> Spans { get; init; } = [];

    /// <summary>Decisions up to this Unix time in milliseconds are in <see cref="Spans"/>; later ones are read off the counts.</summary>
    public long TakenMs { get; init; } = long.MinValue;

    /// <summary>When the newest signal of the last look was accepted, as Unix time in milliseconds.</summary>
    public long LookedMs { get; init; } = long.MinValue;

    /// <summary>The pairs of the last look.</summary>
    public ImmutableArray<PairTally> Pairs { get; init; } = [];

    /// <summary>The company in which modules were shown since, for each bucket that is not in <see cref="Spans"/>.</summary>
    public ImmutableArray<FreshCompany> Fresh { get; init; } = [];

    /// <summary>What each module did to a rate at the last look, relative to its slot's modules served evenly.</summary>
    public ImmutableArray<double> Effects { get; init; } = [];

    /// <summary>Rollbacks of the segment that it knows of. With another it begins anew: what it saw may be what was taken back.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long Rollbacks { get; init; }

    /// <summary>Looks at the counts.</summary>
    /// <param name="counts">The absolute counts of the segment. Without evidence nothing is found.</param>
    /// <param name="slots">The keys of the modules in force, by slot. What is no longer in force is forgotten.</param>
    /// <param name="rewardCapMicros">The most one decision can earn, in millionths.</param>
    /// <returns>The watch from now on, and the modules that have faded as of now; none in a slot of a single module.</returns>
    public (FatigueWatch Watch, ImmutableArray<FatigueFinding> Findings) Observe(
        SegmentCounts counts, ImmutableArray<ImmutableArray<ulong>> slots, long rewardCapMicros)
    {
        if ((counts.LeftOut?.Rollbacks ?? 0) is var rollbacks && rollbacks != Rollbacks)
            return (None with { Rollbacks = rollbacks }).Observe(counts, slots, rewardCapMicros);
        if (counts.Evidence is not { Buckets.Length: > 0 } evidence)
            return (this, []);
        var watch = For([.. slots.SelectMany(slot => slot)]).Begin(evidence).See(evidence, slots);
        ImmutableArray<WatchedSpan> all = [.. watch.Spans, .. watch.Read(evidence, Math.Max(1, rewardCapMicros))];
        var findings = ImmutableArray.CreateBuilder<FatigueFinding>();
        var watched = new List<SlotSpans>(slots.Length);
        foreach (var slot in slots)
        {
            var spans = new SlotSpans(all, watched.Sum(each => each.Modules), slot.Length);
            for (var module = 0; slot.Length > 1 && module < slot.Length; module++)
            {
                if (new FadeTest(spans, module).Find(watched.Count, slot[module], slot.Length / FalseAlarmRate) is { } found)
                    findings.Add(found);
            }
            watched.Add(spans);
        }
        watch = watch with { Effects = [.. watched.SelectMany(slot => Enumerable.Range(0, slot.Modules).Select(slot.EffectOf))] };
        return (watch.Take(all, watched), findings.ToImmutable());
    }

    /// <summary>The same watch for other modules.</summary>
    private FatigueWatch For(ImmutableArray<ulong> modules)
    {
        if (modules.SequenceEqual(Modules))
            return this;
        var places = modules.Select(module => Modules.IndexOf(module)).ToArray();
        ImmutableArray<double> Pick(ImmutableArray<double> values, double without) => [.. places.Select(place => place < 0 ? without : values[place])];
        return this with
        {
            Modules = modules,
            Spans = [.. Spans.Select(span => span with { Served = Pick(span.Served, 0), Exposures = Pick(span.Exposures, 0), Rewards = Pick(span.Rewards, 0) })],
            Fresh = [.. Fresh.Select(company => company with { Impressions = Pick(company.Impressions, 0), Weighed = Pick(company.Weighed, 0) })],
            Effects = Pick(Effects, 1),
        };
    }

    /// <summary>
    /// A watch that begins in the midst of a campaign leaves out what was before: from joined buckets, and without the company that modules
    /// were in, it would take what a policy and the time of day did for a change of rates.
    /// </summary>
    private FatigueWatch Begin(SegmentEvidence evidence) =>
        LookedMs == long.MinValue && evidence.Buckets.Length > 1 ? this with { TakenMs = evidence.Buckets[^1].EndMs } : this;

    /// <summary>Sees in what company modules were shown since the last look.</summary>
    private FatigueWatch See(SegmentEvidence evidence, ImmutableArray<ImmutableArray<ulong>> slots)
    {
        var pairs = evidence.Pairs.Length <= MaxPairs ? evidence.Pairs : [];
        int[] slotOf = [.. slots.SelectMany((slot, s) => slot.Select(_ => s))];
        var places = evidence.Modules.Select(module => Modules.IndexOf(module)).ToArray();
        var (impressions, weighed) = new PairMix(slotOf, [.. Effects]).Add(Pairs, pairs, places).Sum();
        var fresh = ImmutableArray.CreateBuilder<FreshCompany>();
        foreach (var bucket in evidence.Buckets.Where(bucket => bucket.StartMs > TakenMs))
        {
            var company = Fresh.FirstOrDefault(known => known.StartMs == bucket.StartMs)
                ?? new FreshCompany(bucket.StartMs, [.. new double[Modules.Length]], [.. new double[Modules.Length]]);
            fresh.Add(bucket.EndMs > LookedMs ? company.Add(impressions, weighed) : company);
        }
        return this with { Pairs = pairs, Fresh = fresh.ToImmutable(), LookedMs = evidence.AsOfMs };
    }

    /// <summary>The buckets that are not taken in yet, as spans.</summary>
    private ImmutableArray<WatchedSpan> Read(SegmentEvidence evidence, long capMicros)
    {
        // A reward of usual size, as in Learning.Effects.Exposure; a bucket whose own are more varied says as much less.
        var exposure = new Exposure(evidence, [Modules], capMicros);
        var spans = ImmutableArray.CreateBuilder<WatchedSpan>();
        for (var b = evidence.Buckets.Length - Fresh.Length; b < exposure.Buckets; b++)
        {
            var (bucket, company) = (evidence.Buckets[b], Fresh[spans.Count]);
            ImmutableArray<double> served = [.. exposure.ModuleImpressions[0].AsSpan(b * Modules.Length, Modules.Length)];
            spans.Add(new WatchedSpan(
                bucket.StartMs, bucket.EndMs, exposure.Impressions[b], exposure.Maturity[b], 1 / exposure.DispersionOf(bucket), served,
                [.. served.Select((impressions, i) => impressions * company.Of(i))], [.. exposure.ModuleRewards[0].AsSpan(b * Modules.Length, Modules.Length)]));
        }
        return spans.ToImmutable();
    }

    /// <summary>Takes in all but the newest buckets.</summary>
    private FatigueWatch Take(ImmutableArray<WatchedSpan> all, List<SlotSpans> slots)
    {
        var end = all.Length - FreshBuckets;
        if (end <= Spans.Length)
            return this;
        var spans = Spans.ToList();
        for (var b = Spans.Length; b < end; b++)
        {
            var exposures = all[b].Exposures.ToArray();
            foreach (var slot in slots)
            {
                var level = slot.LevelOf(b);
                for (var i = slot.First; i < slot.First + slot.Modules; i++)
                    exposures[i] *= level;
            }
            spans.Add(all[b] with { Exposures = [.. exposures] });
        }
        while (spans.Count > Math.Clamp(MaxCells / Math.Max(1, Modules.Length), LeastSpans, MaxSpans))
            JoinTwo(spans);
        return this with { Spans = [.. spans], Fresh = Fresh[^FreshBuckets..], TakenMs = all[end - 1].EndMs };
    }

    /// <summary>Joins the two neighbours that are smallest for their age: an exponential histogram, as <see cref="EvidenceTable"/> is.</summary>
    private static void JoinTwo(List<WatchedSpan> spans)
    {
        var (at, least, newer) = (0, double.PositiveInfinity, 0.0);
        for (var i = spans.Count - 2; i >= 0; i--)
        {
            var size = (spans[i].Impressions + spans[i + 1].Impressions) / (newer + SmallImpressions);
            newer += spans[i + 1].Impressions;
            if (size <= least)
                (at, least) = (i, size);
        }
        spans[at] = spans[at].Join(spans[at + 1]);
        spans.RemoveAt(at + 1);
    }
}
