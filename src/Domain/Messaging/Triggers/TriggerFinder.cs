using System.Collections.Immutable;
using Flywheel.Domain.Campaigns;
using Flywheel.Domain.Scoring;
using Flywheel.Domain.Scoring.Fatigue;
using Flywheel.Domain.Scoring.Readings;

namespace Flywheel.Domain.Messaging.Triggers;

/// <summary>Finds every reason to propose new messaging that the evidence gives. What may be acted upon, a budget decides.</summary>
public static class TriggerFinder
{
    /// <summary>The most that are given at once.</summary>
    public const int MaxTriggers = 64;

    /// <summary>Reasons of a campaign, the strongest first: by kind, then by how much the figures say. At most <see cref="MaxTriggers"/>.</summary>
    public static ImmutableArray<Trigger> Find(Campaign campaign, IReadOnlyList<SegmentReading> segments)
    {
        var seen = segments.SelectMany(segment => segment.Slots.SelectMany(slot => FindIn(segment, slot)))
            .OrderBy(found => found.Trigger.Kind).ThenByDescending(found => found.Strength).ThenBy(found => found.Trigger.Key, StringComparer.Ordinal)
            .Select(found => found.Trigger);
        var untried = campaign.Slots.SelectMany(slot => Vocabulary.Untried(campaign, slot).Select(attribute => new Trigger(TriggerKind.AttributeUntried, slot.Id)
        {
            Attribute = attribute,
            Evidence = [Figure.Count("modules", slot.Modules.Length)],
        }));
        return [.. seen.Concat(untried).Take(MaxTriggers)];
    }

    private static List<(Trigger Trigger, double Strength)> FindIn(SegmentReading segment, SlotReading slot)
    {
        var found = new List<(Trigger Trigger, double Strength)>();
        foreach (var module in slot.Modules)
        {
            if (module.Faded is { } faded)
                found.Add((new Trigger(TriggerKind.ModuleFaded, slot.Id) { Segment = segment.Id, Module = module.Id, Evidence = FiguresOf(faded) }, faded.Evidence));
        }
        if (slot.NothingStandsOut)
            found.Add((
                new Trigger(TriggerKind.NothingStandsOut, slot.Id) { Segment = segment.Id, Evidence = [.. slot.Modules.Select(module => Figure.Of($"resonance {module.Id}", module.Resonance, module.Impressions))] },
                slot.Impressions));
        foreach (var attribute in slot.Attributes().Where(attribute => attribute.IsWorthMore))
            found.Add((
                new Trigger(TriggerKind.AttributeResonates, slot.Id)
                {
                    Segment = segment.Id,
                    Attribute = new ModuleAttribute(attribute.Name, attribute.Value),
                    Carriers = attribute.Modules,
                    Evidence = [Figure.Of("resonance", attribute.Resonance, attribute.Impressions), Figure.Count("modules", attribute.Modules.Length)],
                },
                attribute.Resonance.Low));
        return found;
    }

    private static ImmutableArray<Figure> FiguresOf(FatigueFinding faded) =>
    [
        Figure.Of("kept", faded.Kept, faded.ImpressionsSince),
        RateOf("rateBefore", faded.RateBefore, faded.ImpressionsBefore),
        RateOf("rateSince", faded.RateSince, faded.ImpressionsSince),
        // How many times better a fall explains what was seen than none: itself a measure of how sure that is, and without an interval.
        new Figure("evidence", faded.Evidence, faded.Evidence, faded.Evidence, faded.ImpressionsBefore + faded.ImpressionsSince),
    ];

    private static Figure RateOf(string name, double rate, long impressions) =>
        Figure.Of(name, PoissonRate.Of(Math.Max(1, impressions), rate * Math.Max(1, impressions), unit: 1), impressions);
}
