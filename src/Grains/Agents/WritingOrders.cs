using System.Collections.Immutable;
using Flywheel.Abstractions.Messaging;
using Flywheel.Agents.Writing;
using Flywheel.Decisions;
using Flywheel.Domain.Campaigns;
using Flywheel.Domain.Learning;
using Flywheel.Domain.Messaging.Triggers;
using Flywheel.Domain.Scoring;
using Flywheel.Grains.Replicas;

namespace Flywheel.Grains.Agents;

/// <summary>What a writer is told of an order: the brief, the slot, a person's comment, and figures.</summary>
internal static class WritingOrders
{
    /// <param name="served">The campaign as this silo serves it; null where it does not know it, and then there are no figures.</param>
    public static WritingRequest RequestFor(string campaign, WritingOrderMessage order, ReplicatedCampaign? served)
    {
        var (request, trigger) = (order.Request, order.Request.Trigger);
        return new WritingRequest
        {
            Brief = order.Brief,
            // The writer has to see what it is to write differently.
            Slot = request.Revises is { } revised ? order.Slot with { Modules = order.Slot.Modules.Add(revised) } : order.Slot,
            Language = LanguageTags.Read(order.Brief?.Language) ?? MessageLanguage.English,
            Reason = ReasonOf(trigger, request.Revises),
            Replaces = request.Revises?.Id ?? trigger.Module,
            Comment = request.Comment,
            Wanted = trigger.Attribute is { } wanted
                ? ImmutableSortedDictionary<string, string>.Empty.Add(wanted.Name, wanted.Value)
                : ImmutableSortedDictionary<string, string>.Empty,
            Scores = served?.Published.Incarnation == order.Incarnation ? ScoresOf(served, order.Slot.Id, trigger.Segment ?? Ids.DefaultSegment) : [],
            Spent = [.. order.Spent],
            Seed = Mixing.Of($"{campaign}/{order.Incarnation}/{request.Id}"),
        };
    }

    private static WritingReason ReasonOf(Trigger trigger, Module? revised) => trigger.Kind switch
    {
        _ when revised is not null => WritingReason.Revision,
        TriggerKind.ModuleFaded => WritingReason.Faded,
        TriggerKind.NothingStandsOut => WritingReason.NothingStandsOut,
        TriggerKind.AttributeResonates => WritingReason.AttributeScarce,
        TriggerKind.AttributeUntried => WritingReason.AttributeUntried,
        _ => WritingReason.Asked,
    };

    private static ImmutableArray<ModuleResonance> ScoresOf(ReplicatedCampaign campaign, string slotId, string segment)
    {
        var published = campaign.Published;
        var place = published.Campaign.Slots.Select(slot => slot.Id).ToList().IndexOf(slotId);
        if (place < 0 || campaign.Segment(segment)?.Served is not { } served || place >= served.Fit.Modules.Length)
            return [];
        var (modules, estimates) = (published.Campaign.Slots[place].Modules, served.Fit.Modules[place]);
        if (estimates.Length != modules.Length)
            return [];
        var (resonances, counts) = (ResonanceScale.Resonances(estimates), served.Counts.SumModules());
        return [.. modules.Select((module, i) => new ModuleResonance(module.Id, resonances[i], ImpressionsOf(PublishedCampaign.ModuleKey(slotId, module.Id, published.Versions[place][i]))))];

        long ImpressionsOf(ulong key) => counts.Where(count => count.Key.Module == key && count.Key.Source != TallySource.Observed).Sum(count => count.Value.Impressions);
    }
}
