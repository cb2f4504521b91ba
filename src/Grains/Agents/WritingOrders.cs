using System.Collections.Immutable;
using Flywheel.Abstractions.Messaging;
using Flywheel.Agents.Reviewing;
using Flywheel.Agents.Writing;
using Flywheel.Decisions;
using Flywheel.Domain.Campaigns;
using Flywheel.Domain.Governance;
using Flywheel.Domain.Governance.Proposals;
using Flywheel.Domain.Messaging.Triggers;
using Flywheel.Domain.Scoring.Readings;
using Flywheel.Grains.Replicas;

namespace Flywheel.Grains.Agents;

/// <summary>
/// What a writer and a reviewer are told of an order: the brief, the slot, a person's comment, and figures; and what is delivered of what they
/// answer.
/// </summary>
internal static class WritingOrders
{
    /// <param name="served">The campaign as this silo serves it; null where it does not know it, and then there are no figures.</param>
    public static WritingRequest RequestFor(string campaign, WritingOrderMessage order, ReplicatedCampaign? served)
    {
        var (request, trigger) = (order.Request, order.Request.Trigger);
        var reading = served?.Published.Incarnation == order.Incarnation ? Read(served, order.Slot.Id, trigger.Segment) : null;
        return new WritingRequest
        {
            Brief = order.Brief,
            // The writer has to see what it is to write differently.
            Slot = request.Revises is { } revised ? order.Slot with { Modules = order.Slot.Modules.Add(revised) } : order.Slot,
            Language = LanguageOf(order.Brief),
            Reason = ReasonOf(trigger, request.Revises),
            Replaces = request.Revises?.Id ?? trigger.Module,
            Comment = request.Comment,
            Wanted = trigger.Attribute is { } wanted
                ? ImmutableSortedDictionary<string, string>.Empty.Add(wanted.Name, wanted.Value)
                : ImmutableSortedDictionary<string, string>.Empty,
            Scores = reading is null ? [] : [.. reading.Modules.Select(module => new ModuleResonance(module.Id, module.Resonance, module.Impressions))],
            Resonating = reading is null ? [] : ResonatingOf(reading),
            Spent = [.. order.Spent],
            Seed = Mixing.Of($"{campaign}/{order.Incarnation}/{request.Id}"),
        };
    }

    /// <summary>What is delivered instead of asking a writer: in a language that none writes, all would be refused by the guardrails. Null where one is asked.</summary>
    public static Delivery? ObstacleTo(WritingOrderMessage order) =>
        string.IsNullOrWhiteSpace(order.Brief?.Language) || LanguageTags.Read(order.Brief.Language) is not null
            ? null
            : new Delivery(order.Request.Id, ProposalWriter.Offline, default)
            {
                IsFailure = true,
                Note = $"brief.language is \"{order.Brief.Language}\"; messages are written in fr and en alone",
            };

    public static ReviewRequest ReviewFor(ReviewOrderMessage order) => new()
    {
        Brief = order.Brief,
        Slot = order.Slot,
        Language = LanguageOf(order.Brief),
        Candidates = [.. order.Written.Drafts.Select(draft => new Flywheel.Agents.Writing.Candidate(draft.Content, draft.Attributes))],
    };

    public static Delivery DeliveryOf(string request, WritingResult result)
    {
        ImmutableArray<Finding> findings = result.InsteadOfModel is { } failure
            ? [new Finding(Draft.WriterFallback, FindingSeverity.Info, $"the model failed: {failure.Message}; the offline writer wrote this")]
            : [];
        var by = result.Writer == WriterKind.Offline ? ProposalWriter.Offline : ProposalWriter.Model;
        return new Delivery(request, by, WritingDesk.CostOf(result.Usage))
        {
            Drafts = [.. result.Candidates.Select(candidate => new Draft(candidate.Content, candidate.Attributes) { Findings = findings })],
            Note = result.Failure?.Message ?? result.Note,
            IsFailure = result.Failure is not null,
        };
    }

    /// <param name="findings">A list for each draft.</param>
    public static Delivery WithReview(Delivery written, ImmutableArray<ImmutableArray<ReviewFinding>> findings) => written with
    {
        Drafts = [.. written.Drafts.Zip(findings, (draft, found) => draft with { Findings = draft.Findings.AddRange(found.Select(FindingOf)) })],
    };

    /// <summary>That nobody reviewed it is a warning, so that the engine does not let it go live by itself.</summary>
    public static Delivery WithoutReview(Delivery written, string why)
    {
        var missing = new Finding(Draft.ReviewerMissing, FindingSeverity.Warning, $"not reviewed: {why}");
        return written with { Drafts = [.. written.Drafts.Select(draft => draft with { Findings = draft.Findings.Add(missing) })] };
    }

    private static Finding FindingOf(ReviewFinding finding) => new(finding.Rule, Enum.Parse<FindingSeverity>(finding.Severity, ignoreCase: true), finding.Text);

    private static MessageLanguage LanguageOf(Brief? brief) => LanguageTags.Read(brief?.Language) ?? MessageLanguage.English;

    private static WritingReason ReasonOf(Trigger trigger, Module? revised) => trigger.Kind switch
    {
        _ when revised is not null => WritingReason.Revision,
        TriggerKind.ModuleFaded => WritingReason.Faded,
        TriggerKind.NothingStandsOut => WritingReason.NothingStandsOut,
        TriggerKind.AttributeResonates => WritingReason.AttributeScarce,
        TriggerKind.AttributeUntried => WritingReason.AttributeUntried,
        _ => WritingReason.Asked,
    };

    /// <summary>What is known of a slot in the segment that the request is about, or in the busiest where it is about all.</summary>
    private static SlotReading? Read(ReplicatedCampaign campaign, string slot, string? segment)
    {
        var about = segment is null
            ? campaign.Segments.Where(each => each.Served is not null).MaxBy(each => each.Served!.Counts.Randomised.Impressions)
            : campaign.Segment(segment);
        if (about?.Served is not { } served || !served.Fit.Modules.Select(modules => modules.Length).SequenceEqual(campaign.Layout.ModulesPerSlot))
            return null;
        var reading = SegmentReading.Of(campaign.Layout, about.Id.Segment, served.Counts, served.Fit, [], ImmutableHashSet<ulong>.Empty);
        return reading.Slots.FirstOrDefault(each => each.Id == slot);
    }

    /// <summary>Those with most impressions, where there are more than a writer is told.</summary>
    private static ImmutableArray<AttributeResonance> ResonatingOf(SlotReading slot) =>
    [
        .. slot.Attributes().Where(attribute => attribute.Name.Length > 0).OrderByDescending(attribute => attribute.Impressions).Take(WritingRequest.MaxFigures)
            .Select(attribute => new AttributeResonance(attribute.Name, attribute.Value, attribute.Resonance, attribute.Impressions)),
    ];
}
