using System.Collections.Concurrent;
using Flywheel.Abstractions.Campaigns;
using Flywheel.Abstractions.Replicas;
using Flywheel.Domain.Campaigns;
using Flywheel.Domain.Learning;
using Flywheel.Domain.Learning.Effects;
using Flywheel.Signals;

namespace Flywheel.Grains.Replicas;

/// <summary>
/// All campaigns as this silo serves them: what decisions, scores and signal checks read, without a grain call or a store.
/// Safe to read and to change from any thread; a reader sees each campaign whole.
/// </summary>
public sealed class CampaignReplica(ISignalStore store, ILearner learner, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, ReplicatedCampaign> _campaigns = new(StringComparer.Ordinal);
    private readonly Lock _changing = new();
    private EffectWidths _widths = EffectWidths.Archive;

    /// <summary>Partitions of the signal log.</summary>
    public int Partitions => store.Partitions;

    public IEnumerable<ReplicatedCampaign> Campaigns => _campaigns.Values;

    public ReplicatedCampaign? Find(string id) => _campaigns.GetValueOrDefault(id);

    public ReplicatedCampaign? Find(ReadOnlySpan<char> id) =>
        _campaigns.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(id, out var campaign) ? campaign : null;

    /// <summary>How much effects vary, as this silo has learned it from its campaigns; the archive's until then.</summary>
    public EffectWidths Widths => Volatile.Read(ref _widths);

    /// <summary>Learns <see cref="Widths"/> anew. Fits that are made from then on expect them; none is made for their sake.</summary>
    /// <remarks>A simulated audience says nothing of real ones.</remarks>
    public void LearnWidths()
    {
        var learned = WidthPool.Learn(Campaigns.Where(campaign => !campaign.Published.Campaign.Simulation).Select(campaign => campaign.Summary).OfType<SegmentSummary>());
        Volatile.Write(ref _widths, WidthPool.Settle(Widths, learned));
    }

    /// <summary>Takes what the campaign's owner told: the newest stays.</summary>
    public void Put(PublishedCampaignMessage message) => Put(message, current => IsOlder(message.Published, current.Published));

    /// <summary>
    /// Takes what the campaign's owner answered. It holds even where this silo knew a later revision: the store has lost that one. What
    /// was told after the owner was asked may be newer than the answer, and then the newest stays.
    /// </summary>
    /// <param name="known">What this silo had when it asked.</param>
    public void PutAnswer(PublishedCampaignMessage message, ReplicatedCampaign? known) => Put(message, current =>
        current == known ? IsSame(message.Published, current.Published) : IsOlder(message.Published, current.Published));

    private void Put(PublishedCampaignMessage message, Func<ReplicatedCampaign, bool> isPassedOver)
    {
        if (message.Deleting)
            return;
        lock (_changing)
        {
            var published = message.Published;
            var current = Find(published.Id);
            if (current is not null && isPassedOver(current))
                return;
            var next = new ReplicatedCampaign(published, store.Partitions, learner, () => Widths, time.GetUtcNow().ToUnixTimeMilliseconds(), current)
            {
                Changes = current?.Changes ?? new ChangeSignal(),
            };
            _campaigns[published.Id] = next;
            next.Changes.Raise();
        }
    }

    public void Remove(string campaign, ulong incarnation)
    {
        lock (_changing)
        {
            if (Find(campaign) is not { } current || current.Published.Incarnation > incarnation)
                return;
            _campaigns.TryRemove(campaign, out _);
            current.Changes.Raise();
        }
    }

    public void Put(SegmentFitMessage message)
    {
        if (Find(message.Campaign) is not { } campaign
            || campaign.Published.Incarnation != message.Incarnation
            || campaign.Published.LayoutRevision != message.LayoutRevision
            || campaign.Segment(message.Segment) is not { } segment)
            return;
        foreach (var channel in message.Counts.Channels)
            campaign.Channels.Resolve(channel.Channel);
        if (segment.Put(new ServedSegment(message.Counts, message.Fit, message.FittedAtMs, message.Epoch)))
            campaign.Changes.Raise();
    }

    /// <summary>Takes how a campaign's messaging stands, where that is newer than what is known.</summary>
    public void Put(MessagingStandingMessage message)
    {
        if (Find(message.Campaign) is { } campaign && campaign.Published.Incarnation == message.Incarnation && campaign.Messaging.Put(message))
            campaign.Changes.Raise();
    }

    /// <summary>Takes it that nothing awaits a person, where nothing was told since <paramref name="known"/> was.</summary>
    public void Clear(MessagingStandingMessage known)
    {
        if (Find(known.Campaign) is { } campaign && campaign.Messaging.Clear(known))
            campaign.Changes.Raise();
    }

    private static bool IsSame(PublishedCampaign published, PublishedCampaign other) =>
        published.Incarnation == other.Incarnation && published.Revision == other.Revision;

    private static bool IsOlder(PublishedCampaign published, PublishedCampaign than) =>
        published.Incarnation < than.Incarnation || (published.Incarnation == than.Incarnation && published.Revision <= than.Revision);
}
