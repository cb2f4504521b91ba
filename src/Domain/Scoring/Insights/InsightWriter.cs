using System.Collections.Immutable;
using Flywheel.Domain.Scoring.Readings;

namespace Flywheel.Domain.Scoring.Insights;

/// <summary>
/// Says in sentences what the scores of a campaign say. Nothing is said where the evidence does not carry it: a module resonates only while the whole
/// interval is over 100. Made anew from the scores of the moment, so that a sentence is gone once the evidence has turned.
/// </summary>
public static class InsightWriter
{
    /// <summary>The most sentences of a kind; those with most behind them.</summary>
    public const int MaxPerKind = 6;

    /// <param name="segments">What is known of each segment of the campaign.</param>
    /// <param name="language">A language tag: French for <c>fr</c> and its regions, English for every other.</param>
    /// <returns>By kind, then by the strength of the evidence.</returns>
    public static ImmutableArray<Insight> Write(IReadOnlyList<SegmentReading> segments, string language)
    {
        var words = Wording.IsFrench(language) ? InsightWords.French : InsightWords.English;
        var places = segments.SelectMany(segment => segment.Slots.Select(slot => new Place(segment.Id, slot))).ToList();
        return
        [
            .. Strongest(places.SelectMany(place => Resonating(place, words))),
            .. Strongest(places.SelectMany(place => Fading(place, words))),
            .. Strongest(Added(places, words)),
            .. Strongest(ToDo(places, words)),
        ];
    }

    private static IEnumerable<Insight> Strongest(IEnumerable<(double Strength, Insight Insight)> insights) =>
        insights.OrderByDescending(each => each.Strength).Take(MaxPerKind).Select(each => each.Insight);

    private static List<(double, Insight)> Resonating(Place place, InsightWords words)
    {
        var found = new List<(double, Insight)>();
        foreach (var module in place.Slot.Modules.Where(module => module.Resonance.Low > 100))
            found.Add((module.Resonance.Low, new Insight(
                InsightKind.Resonates,
                words.Resonates(place.Segment, place.Slot.Id, module.Id, module.Resonance, words.Impressions(module.Impressions)),
                [Figure.Of("resonance", module.Resonance, module.Impressions)])));
        // What a single module has is said of the module.
        foreach (var attribute in place.Slot.Attributes().Where(attribute => attribute.Modules.Length > 1 && attribute.Resonates))
            found.Add((attribute.Resonance.Low, new Insight(
                InsightKind.Resonates,
                words.Resonates(place.Segment, place.Slot.Id, words.Attribute(attribute), attribute.Resonance, words.Basis(attribute)),
                FiguresOf(attribute))));
        return found;
    }

    private static List<(double, Insight)> Fading(Place place, InsightWords words)
    {
        var found = new List<(double, Insight)>();
        foreach (var module in place.Slot.Modules)
        {
            if (module.Faded is { } faded)
                found.Add((faded.Evidence, new Insight(
                    InsightKind.Fades,
                    words.Fades(place.Segment, place.Slot.Id, module.Id, faded),
                    [Figure.Of("kept", faded.Kept, faded.ImpressionsSince), Figure.Count("impressionsSince", faded.ImpressionsSince), Figure.Count("impressionsBefore", faded.ImpressionsBefore)])));
        }
        return found;
    }

    /// <summary>New modules, over all segments.</summary>
    private static List<(double, Insight)> Added(IEnumerable<Place> places, InsightWords words)
    {
        var found = new List<(double, Insight)>();
        var added = places.SelectMany(place => place.Slot.Modules.Where(module => module.IsNew).Select(module => (place.Slot.Id, Module: module)));
        foreach (var module in added.GroupBy(each => (Slot: each.Id, each.Module.Id), each => each.Module))
        {
            var impressions = module.Sum(each => each.Impressions);
            var isUnknown = module.All(each => each.State == ModuleState.Learning);
            found.Add((impressions, new Insight(InsightKind.New, words.IsNew(module.Key.Slot, module.Key.Id, impressions, isUnknown), [Figure.Count("impressions", impressions)])));
        }
        return found;
    }

    /// <summary>Replace what fades, then write more of what resonates, retire what does not, try something else where nothing stands out.</summary>
    private static List<(double, Insight)> ToDo(IReadOnlyList<Place> places, InsightWords words)
    {
        var found = new List<(double, Insight)>();
        const double First = 3, Second = 2, Third = 1;
        // A strength within 0 and 1 orders what is of the same urgency.
        static double Within(double urgency, double strength) => urgency + strength / (1 + strength);
        foreach (var (segment, slot) in places)
        {
            foreach (var module in slot.Modules)
            {
                if (module.Faded is { } faded)
                    found.Add((Within(First, faded.Evidence), new Insight(
                        InsightKind.ToDo, words.Replace(segment, slot.Id, module.Id, faded), [Figure.Of("kept", faded.Kept, faded.ImpressionsSince)])));
            }
            foreach (var attribute in slot.Attributes().Where(attribute => attribute.IsWorthMore))
                found.Add((Within(Second, attribute.Resonance.Low), new Insight(InsightKind.ToDo, words.WriteMore(segment, slot.Id, attribute), FiguresOf(attribute))));
            if (slot.NothingStandsOut)
                found.Add((slot.Impressions / (1.0 + slot.Impressions), new Insight(
                    InsightKind.ToDo, words.TrySomethingElse(segment, slot), [Figure.Count("impressions", slot.Impressions), Figure.Count("modules", slot.Modules.Length)])));
        }
        foreach (var module in places.SelectMany(place => place.Slot.Modules.Select(module => (place.Segment, Slot: place.Slot.Id, Module: module))).GroupBy(each => (each.Slot, each.Module.Id)))
        {
            var worst = module.MinBy(each => each.Module.Resonance.High);
            if (worst.Module.Resonance.High < 100 && module.All(each => each.Module.Resonance.Low <= 100 && !each.Module.IsNew))
                found.Add((Within(Third, 1 / (1 + worst.Module.Resonance.High)), new Insight(
                    InsightKind.ToDo, words.Retire(worst.Segment, worst.Slot, worst.Module), [Figure.Of("resonance", worst.Module.Resonance, worst.Module.Impressions)])));
        }
        return found;
    }

    private static ImmutableArray<Figure> FiguresOf(AttributeReading attribute) =>
        [Figure.Of("resonance", attribute.Resonance, attribute.Impressions), Figure.Count("modules", attribute.Modules.Length)];

    private readonly record struct Place(string Segment, SlotReading Slot);
}
