using System.Buffers;
using System.Collections.Immutable;
using System.IO.Hashing;
using System.Text;
using System.Text.Json;
using Flywheel.Decisions;
using Flywheel.Domain.Campaigns;
using Flywheel.Grains.Replicas;

namespace Flywheel.Silo.Api.Policies;

/// <summary>What clients that decide locally are told of a campaign, as it is at one moment. Immutable.</summary>
internal sealed class BuiltPolicy
{
    private readonly ReplicatedCampaign _campaign;
    private readonly SegmentPolicy[] _policies;
    private readonly int _channels;
    private readonly Lazy<(ReadOnlyMemory<byte> Utf8, string ETag)> _document;

    /// <param name="earlier">The same campaign as it was; segments that did not change are taken over.</param>
    public BuiltPolicy(ReplicatedCampaign campaign, int partitions, BuiltPolicy? earlier)
    {
        _campaign = campaign;
        _channels = campaign.Channels.Count;
        _policies = [.. campaign.Segments.Select(campaign.PolicyOf)];
        var segments = ImmutableArray.CreateBuilder<SnapshotSegment>(_policies.Length);
        for (var place = 0; place < _policies.Length; place++)
            segments.Add(IsSameAt(place, earlier) ? earlier!.Snapshot.Segments[place] : SegmentAt(place));
        Snapshot = SnapshotOf(campaign, partitions, segments.MoveToImmutable());
        _document = new(Write);
    }

    public PolicySnapshot Snapshot { get; }

    /// <summary>The whole document.</summary>
    public ReadOnlyMemory<byte> Utf8 => _document.Value.Utf8;

    /// <summary>Of the document's bytes: the same on every silo that says the same.</summary>
    public string ETag => _document.Value.ETag;

    /// <summary>Whether the campaign still is as it is here.</summary>
    public bool IsCurrent => _campaign.Channels.Count == _channels && _policies.SequenceEqual(_campaign.Segments.Select(_campaign.PolicyOf));

    /// <summary>Whether all but policies and channels is as it was in <paramref name="earlier"/>.</summary>
    public bool HasLayoutOf(BuiltPolicy earlier) => ReferenceEquals(_campaign, earlier._campaign);

    /// <summary>The segments whose policy is another one than in <paramref name="earlier"/>, which has the same layout.</summary>
    public IEnumerable<SnapshotSegment> ChangedSince(BuiltPolicy earlier) =>
        Snapshot.Segments.Where((segment, place) => !ReferenceEquals(segment, earlier.Snapshot.Segments[place]));

    private bool IsSameAt(int place, BuiltPolicy? earlier) =>
        earlier is not null && ReferenceEquals(earlier._policies[place], _policies[place]);

    private SnapshotSegment SegmentAt(int place)
    {
        var segment = _campaign.Segments[place];
        var documented = _campaign.Published.Campaign.Segments;
        var match = place < documented.Length ? documented[place].Match : [];
        var isPrior = ReferenceEquals(_policies[place], _campaign.Prior.Fit.Policy);
        return new SnapshotSegment(
            segment.Id.Segment, segment.Partition, match, isPrior ? null : new SnapshotPolicy(_policies[place], (segment.Served ?? _campaign.Prior).FittedAtMs));
    }

    private static PolicySnapshot SnapshotOf(ReplicatedCampaign campaign, int partitions, ImmutableArray<SnapshotSegment> segments)
    {
        var prior = new SnapshotPolicy(campaign.Prior.Fit.Policy, campaign.Prior.FittedAtMs);
        return new PolicySnapshot([.. campaign.Published.Campaign.Slots.Select((slot, s) => SlotOf(campaign, slot, s))], segments)
        {
            Campaign = campaign.Published.LocalId,
            Tenant = CampaignKeys.TenantOf(campaign.Published.Id).ToString(),
            Incarnation = campaign.Published.Incarnation,
            IsLive = campaign.IsLive,
            AsOfMs = segments.Max(segment => (segment.Own ?? prior).FittedAtMs),
            WindowSeconds = campaign.WindowSeconds,
            Partitions = partitions,
            Channels = [.. campaign.Channels.Names()],
            Prior = prior,
        };
    }

    private static SnapshotSlot SlotOf(ReplicatedCampaign campaign, Slot slot, int place) => new(slot.Id, [.. slot.Modules.Select((module, m) => new SnapshotModule(
        module.Id,
        campaign.Published.Versions[place][m],
        campaign.Layout.ModuleKeys[place][m],
        Encoding.UTF8.GetBytes(module.Content.Json)))]);

    private (ReadOnlyMemory<byte> Utf8, string ETag) Write()
    {
        var bytes = new ArrayBufferWriter<byte>(16_384);
        using (var json = new Utf8JsonWriter(bytes, JsonText.Compact))
            PolicySnapshotWriter.Write(json, Snapshot);
        return (bytes.WrittenMemory, $"\"{Convert.ToHexStringLower(XxHash128.Hash(bytes.WrittenSpan))}\"");
    }
}
