using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Diagnostics;
using Flywheel.Decisions;
using Flywheel.Domain.Campaigns;
using Flywheel.Domain.Decisions;
using Flywheel.Domain.Learning;
using Flywheel.Domain.Learning.Effects;
using Flywheel.Signals;

namespace Flywheel.Grains.Replicas;

/// <summary>
/// A campaign as this silo serves it. What is published never changes in place: a new layout makes a new one of these, which
/// keeps the segments whose evidence is still about the same thing.
/// </summary>
public sealed class ReplicatedCampaign
{
    private readonly FrozenDictionary<string, ReplicatedSegment> _byId;
    private static readonly TimeSpan PoolEvery = TimeSpan.FromSeconds(1);

    /// <summary>A tenth of a second of fits.</summary>
    private const int MostFittedAtOnce = 32;

    private readonly ReplicatedSegment[] _segments;
    private readonly Lazy<ServedSegment> _prior;
    private readonly Func<EffectWidths> _widths;
    private Pooled? _pooled;

    /// <param name="widths">How much effects vary, as is known when a fit is made.</param>
    public ReplicatedCampaign(PublishedCampaign published, int partitions, ILearner learner, Func<EffectWidths> widths, long nowMs, ReplicatedCampaign? previous)
    {
        _widths = widths;
        Layout = new CampaignLayout(published);
        (Utf8Key, Utf8Id) = (System.Text.Encoding.UTF8.GetBytes(published.Id), System.Text.Encoding.UTF8.GetBytes(published.LocalId));
        Rules = RewardRules.From(published.Campaign.Rewards) is var rules && previous?.Rules.Equals(rules) == true ? previous.Rules : rules;
        WindowSeconds = (uint)Math.Ceiling(published.Campaign.Policy.AttributionWindow.TotalSeconds);
        var sameLayout = previous is not null && previous.Published.Incarnation == published.Incarnation && previous.Published.LayoutRevision == published.LayoutRevision;
        _prior = sameLayout ? previous!._prior : new Lazy<ServedSegment>(() => new ServedSegment(SegmentCounts.None, learner.Fit(InputFor(SegmentCounts.None, Ids.DefaultSegment)), nowMs, Epoch: 0));
        Channels = previous?.Published.Incarnation == published.Incarnation ? previous.Channels : new ChannelNames();
        Messaging = previous?.Published.Incarnation == published.Incarnation ? previous.Messaging : new MessagingMark();
        Unreported = previous?.Published.Incarnation == published.Incarnation ? previous.Unreported : new ServedMark();
        _segments = [.. Layout.SegmentIds.Select(segment => sameLayout ? previous!._byId[segment] : NewSegment(published, segment, partitions, Unreported, previous))];
        if (!sameLayout)
            CarryOver(learner, nowMs, previous);
        _byId = _segments.ToFrozenDictionary(segment => segment.Id.Segment, StringComparer.Ordinal);
    }

    public PublishedCampaign Published => Layout.Published;
    public CampaignLayout Layout { get; }

    /// <summary>Whether it is this tenant's.</summary>
    public bool IsOf(string tenant) => CampaignKeys.TenantOf(Published.Id).SequenceEqual(tenant);


    /// <summary>What it is called in tokens, see <see cref="CampaignKeys"/>.</summary>
    public ReadOnlyMemory<byte> Utf8Key { get; }

    /// <summary>What its tenant calls it.</summary>
    public ReadOnlyMemory<byte> Utf8Id { get; }

    public RewardRules Rules { get; }
    public uint WindowSeconds { get; }
    public ChannelNames Channels { get; }

    /// <summary>Whether there are decisions in its segments' traffic that are not reported yet.</summary>
    public ServedMark Unreported { get; }

    /// <summary>How its messaging stands.</summary>
    public MessagingMark Messaging { get; }

    /// <summary>Serves segments that have no evidence. Fitted when it is first asked for, which of ten thousand idle campaigns it is for none.</summary>
    public ServedSegment Prior => _prior.Value;

    /// <summary>Changes wake whoever watches the scores.</summary>
    public ChangeSignal Changes { get; init; } = new();

    public IReadOnlyList<ReplicatedSegment> Segments => _segments;

    public bool IsLive => Published.Campaign.Status == CampaignStatus.Live;

    public ReplicatedSegment Default => _segments[^1];

    /// <summary>The segment with this id; null where there is none.</summary>
    public ReplicatedSegment? Segment(ReadOnlySpan<char> id) => _byId.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(id, out var segment) ? segment : null;

    /// <summary>The segment at this place in the document; −1 is <c>default</c>.</summary>
    public ReplicatedSegment SegmentAt(int index) => index < 0 ? Default : _segments[index];

    /// <summary>What serves a segment now.</summary>
    public SegmentPolicy PolicyOf(ReplicatedSegment segment) => segment.Served?.Fit.Policy ?? segment.StandIn ?? Prior.Fit.Policy;

    /// <summary>Has the uniform policy stand in for a segment whose counts have reached this version and whose policy is not there.</summary>
    public void Miss(ReplicatedSegment segment, long countsVersion)
    {
        segment.StandIn = SegmentPolicy.Uniform(Layout.ModulesPerSlot, Published.Campaign.Policy.Control, Published.LayoutRevision + countsVersion);
        Changes.Raise();
    }

    /// <summary>Whether this is one of the types that everyone knows, or one that the campaign's rewards name.</summary>
    public bool Knows(ReadOnlySpan<byte> type)
    {
        if (type.SequenceEqual("impression"u8) || type.SequenceEqual("click"u8) || type.SequenceEqual("conversion"u8))
            return true;
        var key = RewardRules.TypeKey(type);
        foreach (var (known, _) in Rules.Types)
        {
            if (known == key)
                return true;
        }
        return false;
    }

    /// <summary>All that a fit of one of the segments depends on.</summary>
    public LearnerInput InputFor(SegmentCounts counts, string segment) => new(
        Layout.ModuleKeys,
        counts,
        Published.LayoutRevision + counts.Version,
        Published.Campaign.Policy.Control,
        Published.Campaign.Policy.MinPropensity,
        Rules.CapMicros,
        // One for all segments: each begins with the prior that they share, and its first fit moves no unit.
        Mixing.Of(Ids.DefaultSegment, Published.Incarnation))
    {
        Priors = Layout.ModulePriors,
        MaxShares = Layout.MaxShares,
        Pooled = PoolFor(segment),
        Widths = _widths(),
    };

    /// <summary>What the segment with most rewards says of its modules; null where none has a reward.</summary>
    public SegmentSummary? Summary => _segments.Select(segment => segment.Served?.Fit.Summary).Where(summary => summary is { Rewards: > 0 }).MaxBy(summary => summary!.Rewards);

    /// <summary>What the other segments, as this silo knows them, let one expect in a segment; default where fewer than two have evidence.</summary>
    private ImmutableArray<ImmutableArray<EffectPrior>> PoolFor(string segment)
    {
        return _byId is not null && Pool() is { } pool ? pool.PriorsFor(segment, Layout.ModuleKeys) : default;
    }

    /// <summary>Pools the segments' fits, at most once a second: evidence of a whole campaign does not change faster than that matters.</summary>
    private CampaignPool? Pool()
    {
        var now = Stopwatch.GetTimestamp();
        var pooled = Volatile.Read(ref _pooled);
        if (pooled is not null && Stopwatch.GetElapsedTime(pooled.At, now) < PoolEvery)
            return pooled.Pool;
        var summaries = _segments
            .Select(segment => (segment.Id.Segment, Summary: segment.Served?.Fit.Summary!))
            .Where(segment => segment.Summary is { Rewards: > 0 } summary && summary.IsOf(Layout.ModulesPerSlot))
            .ToList();
        pooled = new Pooled(summaries.Count > 1 ? new CampaignPool(summaries) : null, now);
        Volatile.Write(ref _pooled, pooled);
        return pooled.Pool;
    }

    /// <summary>
    /// Counts do not depend on the layout: what segments have been counted for serves under the new one at once. Where they are many their
    /// policies are carried over, which takes a hundredth of a fit, so that a module that was stopped is gone everywhere before any segment
    /// is fitted anew.
    /// </summary>
    private void CarryOver(ILearner learner, long nowMs, ReplicatedCampaign? previous)
    {
        if (previous?.Published.Incarnation != Published.Incarnation)
            return;
        var carrier = previous.Segments.Count(segment => segment.Served is not null) > MostFittedAtOnce ? new FitCarrier(previous.Layout, Layout, Prior.Fit) : null;
        foreach (var segment in _segments)
        {
            if (previous.Segment(segment.Id.Segment)?.Served is not { } served)
                continue;
            var fit = carrier?.Carry(served.Fit, Published.LayoutRevision + served.Counts.Version - 1) ?? learner.Fit(InputFor(served.Counts, segment.Id.Segment));
            segment.Put(new ServedSegment(served.Counts, fit, nowMs, served.Epoch));
        }
    }

    private static ReplicatedSegment NewSegment(PublishedCampaign published, string segment, int partitions, ServedMark served, ReplicatedCampaign? previous)
    {
        var id = new SegmentId(published.Id, published.Incarnation, segment);
        return new ReplicatedSegment(id, id.PartitionOf(partitions), served, previous?.Published.Incarnation == published.Incarnation ? previous.Segment(segment) : null);
    }

    private sealed record Pooled(CampaignPool? Pool, long At);
}
