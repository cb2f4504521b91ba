using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Flywheel.Decisions;
using Flywheel.Domain.Campaigns;
using Flywheel.Grains.Replicas;
using Flywheel.Silo.Metrics;

namespace Flywheel.Silo.Api.Decisions;

/// <summary>
/// Decides from this silo's replica: finds the segment, chooses, signs the token and writes the answer. No grain call, no
/// store, no lock.
/// </summary>
internal sealed class DecisionService(CampaignReplica replica, Issuer issuer, TokenKeys keys, FlywheelMetrics metrics, TimeProvider time)
{
    private const int ListedSegments = 10;

    /// <summary>Writes the decision where there is one; else says why there is none.</summary>
    /// <param name="tenant">Whose campaign it is.</param>
    public DecisionOutcome Decide(in DecisionRequest request, string tenant, IBufferWriter<byte> output, out FieldError? error)
    {
        Span<char> chars = stackalloc char[CampaignKeys.MaxLength];
        error = null;
        if (replica.Find(CampaignKeys.Write(tenant, request.Campaign, chars)) is not { } campaign)
            return DecisionOutcome.NoCampaign;
        var outcome = Draw(campaign, request, null, out var drawn, out error);
        if (outcome == DecisionOutcome.Decided)
            Take(drawn, output);
        return outcome;
    }

    /// <summary>Chooses for a campaign that was found, whatever the request says of it. Nothing is decided until it is taken.</summary>
    /// <param name="among">What may be served, a part of the campaign's layout; null for all.</param>
    /// <param name="drawn">What was chosen, where the outcome is that something was.</param>
    public DecisionOutcome Draw(ReplicatedCampaign campaign, in DecisionRequest request, Narrowing? among, out DrawnDecision drawn, out FieldError? error)
    {
        (drawn, error) = (default, null);
        long? began = FlywheelMetrics.IsTimed() ? time.GetTimestamp() : null;
        if (!campaign.IsLive)
            return DecisionOutcome.NotLive;
        if (FindSegment(campaign, request, out var channel) is not { } segment)
        {
            var known = string.Join(", ", campaign.Segments.Take(ListedSegments).Select(known => known.Id.Segment));
            error = new FieldError("segment", $"\"{Problem.Shorten(Encoding.UTF8.GetString(request.Segment))}\"", $"one of {known}{(campaign.Segments.Count > ListedSegments ? ", …" : "")}");
            return DecisionOutcome.NoSegment;
        }
        var policy = campaign.PolicyOf(segment);
        // What is drawn and not taken is to leave no gap where it can be helped: decisions are remembered by pages of neighbours.
        ulong? counter = request.Unit.IsEmpty ? issuer.Next(segment.Partition) : null;
        var random = counter is { } number ? issuer.RandomFor(segment.Partition, number) : Mixing.Of(request.Unit, campaign.Published.Incarnation);
        drawn = new DrawnDecision(campaign, segment, policy, Choose(policy, among, random), counter, channel, began);
        return DecisionOutcome.Decided;
    }

    /// <summary>Decides what was chosen: counts it and writes the decision. Once for each.</summary>
    public void Take(in DrawnDecision drawn, IBufferWriter<byte> output)
    {
        var counted = drawn.Campaign.Channels.Resolve(drawn.Channel);
        drawn.Segment.Traffic.Of(counted).Add(drawn.Choice.Group, drawn.Policy.Control, drawn.HasUnit);
        metrics.Decided(drawn.Choice.Group, drawn.Policy.IsFallback);
        Write(output, drawn.Campaign, drawn.Segment, drawn.Policy, drawn.Choice, drawn.Counter ?? issuer.Next(drawn.Segment.Partition), drawn.Campaign.Channels.Utf8(counted));
        if (drawn.BeganAt is { } began)
            metrics.DecisionTook(time.GetElapsedTime(began));
    }

    /// <summary>What a decision would serve a unit now: the same, without a decision being made. Null where it would decide nothing.</summary>
    /// <param name="request">With a unit.</param>
    public Peek? Preview(in DecisionRequest request, string tenant)
    {
        Span<char> chars = stackalloc char[CampaignKeys.MaxLength];
        return replica.Find(CampaignKeys.Write(tenant, request.Campaign, chars)) is { IsLive: true } campaign ? Preview(campaign, request) : null;
    }

    private static Peek? Preview(ReplicatedCampaign campaign, in DecisionRequest request) =>
        FindSegment(campaign, request, out _) is { } segment
            ? new Peek(campaign, segment.Id.Segment, campaign.PolicyOf(segment).Choose(Mixing.Of(request.Unit, campaign.Published.Incarnation)).Combination)
            : null;

    private static Choice Choose(SegmentPolicy policy, Narrowing? among, ulong random) => among is null ? policy.Choose(random) : among.Choose(policy, random);

    private static ReplicatedSegment? FindSegment(ReplicatedCampaign campaign, in DecisionRequest request, out string? channel)
    {
        if (request.Segment.IsEmpty)
            return campaign.SegmentAt(campaign.Layout.Matcher.Match(request.Context, out channel));
        channel = campaign.Layout.Matcher.ChannelOf(request.Context);
        Span<char> chars = stackalloc char[Limits.IdLength];
        return request.Segment.Length <= chars.Length ? campaign.Segment(chars[..Encoding.UTF8.GetChars(request.Segment, chars)]) : null;
    }

    private void Write(IBufferWriter<byte> output, ReplicatedCampaign campaign, ReplicatedSegment segment, SegmentPolicy policy, Choice choice, ulong counter, ReadOnlySpan<byte> channel)
    {
        var nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        Span<byte> moduleKeys = stackalloc byte[Limits.SlotsPerCampaign * 8];
        var slots = campaign.Layout.Slots;
        for (var slot = 0; slot < slots.Length; slot++)
            BinaryPrimitives.WriteUInt64BigEndian(moduleKeys[(slot * 8)..], slots[slot].Modules[Combination.ModuleAt(choice.Combination, slot)].Key);
        var token = new DecisionToken
        {
            Issuer = issuer.Id,
            Counter = counter,
            IssuedAtMs = nowMs,
            Group = choice.Group,
            Propensity = choice.Propensity,
            Incarnation = campaign.Published.Incarnation,
            WindowSeconds = campaign.WindowSeconds,
            Campaign = campaign.Utf8Key.Span,
            Segment = segment.Utf8Id.Span,
            Channel = channel,
            ModuleKeys = moduleKeys[..(slots.Length * 8)],
        };
        Span<byte> text = stackalloc byte[DecisionToken.MaxChars];
        var length = token.WriteTo(text, keys);
        var answer = new AnswerWriter(output, AnswerBytes(campaign, segment, choice, length));
        answer.Text("decisionId"u8, text[..length]);
        answer.Text("campaign"u8, campaign.Utf8Id.Span);
        answer.Text("segment"u8, segment.Utf8Id.Span);
        answer.Number("policyVersion"u8, policy.Version);
        answer.Number("policyAgeMs"u8, Math.Max(0, nowMs - (segment.Served ?? campaign.Prior).FittedAtMs));
        answer.Text("reason"u8, ReasonOf(choice.Group, policy.IsFallback));
        answer.Number("propensity"u8, choice.Propensity);
        answer.Begin("variant"u8);
        for (var slot = 0; slot < slots.Length; slot++)
            answer.Raw(slots[slot].Utf8Id.Span, slots[slot].Modules[Combination.ModuleAt(choice.Combination, slot)].Utf8.Span);
        answer.End();
        answer.End();
        answer.Commit();
    }

    /// <summary>Room for an answer: its texts, and more than its names and numbers take.</summary>
    private static int AnswerBytes(ReplicatedCampaign campaign, ReplicatedSegment segment, Choice choice, int tokenLength)
    {
        var bytes = 512 + tokenLength + campaign.Utf8Id.Length + segment.Utf8Id.Length;
        var slots = campaign.Layout.Slots;
        for (var slot = 0; slot < slots.Length; slot++)
            bytes += slots[slot].Utf8Id.Length + slots[slot].Modules[Combination.ModuleAt(choice.Combination, slot)].Utf8.Length + 8;
        return bytes;
    }

    private static ReadOnlySpan<byte> ReasonOf(Group group, bool isFallback) =>
        group == Group.Control ? "control"u8 : isFallback ? "fallback"u8 : "learned"u8;
}
