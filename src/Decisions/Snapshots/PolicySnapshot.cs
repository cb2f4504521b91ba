using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Flywheel.Decisions;

/// <summary>
/// All that decisions of a campaign are taken from, at one moment: what <c>GET /v1/campaigns/{id}/policy</c> says. Immutable.
/// </summary>
public sealed class PolicySnapshot
{
    private readonly FrozenDictionary<string, int> _places;

    /// <param name="segments">In the order in which they are tried, <c>default</c> last; 1 or more.</param>
    /// <exception cref="ArgumentException">Two segments have the same id.</exception>
    public PolicySnapshot(ImmutableArray<SnapshotSlot> slots, ImmutableArray<SnapshotSegment> segments)
        : this(
            slots,
            segments,
            new SegmentMatcher([.. segments.Select(segment => segment.Match)]),
            segments.Select((segment, place) => KeyValuePair.Create(segment.Id, place)).ToFrozenDictionary(StringComparer.Ordinal))
    {
        if (segments.IsEmpty || _places.Count < segments.Length)
            throw new ArgumentException("A snapshot has one segment or more, each with an id of its own.", nameof(segments));
    }

    private PolicySnapshot(ImmutableArray<SnapshotSlot> slots, ImmutableArray<SnapshotSegment> segments, SegmentMatcher matcher, FrozenDictionary<string, int> places)
    {
        (Slots, Segments, Matcher, _places) = (slots, segments, matcher, places);
        ModulesPerSlot = [.. slots.Select(slot => slot.Modules.Length)];
    }

    public required string Campaign { get; init; }

    /// <summary>Whose campaign it is.</summary>
    public string Tenant { get; init; } = CampaignKeys.DefaultTenant;

    /// <summary>What the campaign is called in tokens.</summary>
    public string Key => CampaignKeys.Of(Tenant, Campaign);

    /// <summary>Tells this life of the campaign's id from others.</summary>
    public required ulong Incarnation { get; init; }

    public required bool IsLive { get; init; }

    /// <summary>When the newest of the policies was fitted, Unix time in milliseconds.</summary>
    public required long AsOfMs { get; init; }

    /// <summary>How long signals of a decision count.</summary>
    public required uint WindowSeconds { get; init; }

    /// <summary>Partitions of the engine's log.</summary>
    public required int Partitions { get; init; }

    /// <summary>Channels that are counted apart so far.</summary>
    public required ImmutableArray<string> Channels { get; init; }

    /// <summary>Serves segments that have no policy of their own.</summary>
    public required SnapshotPolicy Prior { get; init; }

    public ImmutableArray<SnapshotSlot> Slots { get; }

    public ImmutableArray<int> ModulesPerSlot { get; }

    public ImmutableArray<SnapshotSegment> Segments { get; }

    public SegmentMatcher Matcher { get; }

    /// <summary>The place of a segment in <see cref="Segments"/>; −1 where there is none of this id.</summary>
    public int PlaceOf(ReadOnlySpan<char> segment) =>
        _places.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(segment, out var place) ? place : -1;

    /// <summary>The same campaign with other policies.</summary>
    /// <param name="segments">The same segments in the same order.</param>
    public PolicySnapshot With(ImmutableArray<SnapshotSegment> segments, ImmutableArray<string> channels, long asOfMs) => new(Slots, segments, Matcher, _places)
    {
        Campaign = Campaign,
        Tenant = Tenant,
        Incarnation = Incarnation,
        IsLive = IsLive,
        AsOfMs = asOfMs,
        WindowSeconds = WindowSeconds,
        Partitions = Partitions,
        Channels = channels,
        Prior = Prior,
    };
}
