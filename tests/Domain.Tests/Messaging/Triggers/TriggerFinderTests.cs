using Flywheel.Domain.Messaging.Triggers;
using Flywheel.Domain.Scoring;
using Flywheel.Domain.Scoring.Readings;
using Flywheel.Domain.Tests.Scoring.Readings;

namespace Flywheel.Domain.Tests.Messaging.Triggers;

public sealed class TriggerFinderTests
{
    private static readonly (long, double)[] Alike = [(5_000, 150), (5_000, 150), (5_000, 150), (5_000, 150)];
    private static readonly (long, double)[] CuriosityWins = [(5_000, 150), (5_000, 300), (5_000, 150), (5_000, 150)];

    [Fact]
    public void Find_FadedModule_NamesItWithItsFigures()
    {
        var trigger = Find(ReadingCase.Segment("young-urban", ["h1"], [], Alike))[0];

        Assert.Equal((TriggerKind.ModuleFaded, "headline", "young-urban", "h1"), (trigger.Kind, trigger.Slot, trigger.Segment, trigger.Module));
        Assert.Equal(["kept", "rateBefore", "rateSince", "evidence"], trigger.Evidence.Select(figure => figure.Name));
        Assert.Equal(new Figure("kept", 0.52, 0.44, 0.61, 8_123), trigger.Evidence[0]);
        Assert.All(trigger.Evidence[1..3], rate => Assert.True(0 < rate.Low && rate.Low < rate.Value && rate.Value < rate.High, rate.ToString()));
        // Twice 1.96 √(rate ÷ n), as good as: rewards are many.
        Assert.All(trigger.Evidence[1..3], rate => Assert.Equal(2 * 1.96 * Math.Sqrt(rate.Value / rate.N), rate.High - rate.Low, 0.05 * (rate.High - rate.Low)));
    }

    [Fact]
    public void Find_NothingStandsOut_CarriesEveryModulesResonance()
    {
        var trigger = Assert.Single(Find(ReadingCase.Segment("young-urban", Alike)), trigger => trigger is { Kind: TriggerKind.NothingStandsOut, Slot: "headline" });

        Assert.Equal("young-urban", trigger.Segment);
        Assert.Equal(["resonance h1", "resonance h2", "resonance h3", "resonance h4"], trigger.Evidence.Select(figure => figure.Name));
        Assert.All(trigger.Evidence, figure => Assert.True(figure.Low <= 100 && figure.High >= 100));
    }

    [Fact]
    public void Find_AttributeOfOneModuleResonates_AsksForMoreOfIt()
    {
        var trigger = Assert.Single(Find(ReadingCase.Segment("young-urban", CuriosityWins)), trigger => trigger is { Kind: TriggerKind.AttributeResonates, Attribute.Name: "angle" });

        Assert.Equal("curiosity", trigger.Attribute!.Value);
        Assert.Equal(["h2"], trigger.Carriers);
        Assert.True(trigger.Evidence[0].Low > 100);
    }

    /// <summary>Three of four headlines turn on the benefit.</summary>
    [Fact]
    public void Find_AttributeOfManyModulesResonates_AsksForNoMore()
    {
        var triggers = Find(ReadingCase.Segment("young-urban", (5_000, 300), (5_000, 60), (5_000, 300), (5_000, 300)));

        Assert.DoesNotContain(triggers, trigger => trigger.Kind == TriggerKind.AttributeResonates && trigger.Attribute!.Value == "benefit");
    }

    [Fact]
    public void Find_EvidenceTurns_NoLongerFinds()
    {
        var segment = ReadingCase.Segment("young-urban", (5_000, 150), (500, 18), (5_000, 150), (5_000, 150));

        Assert.DoesNotContain(Find(segment), trigger => trigger.Kind == TriggerKind.AttributeResonates);
    }

    [Fact]
    public void Find_SeveralReasons_GivesTheStrongestFirst()
    {
        var triggers = Find(ReadingCase.Segment("default", Alike), ReadingCase.Segment("young-urban", ["h1"], [], CuriosityWins));
        var kinds = triggers.Select(trigger => trigger.Kind).ToList();

        Assert.Equal(kinds.Order(), kinds);
        Assert.Equal([TriggerKind.ModuleFaded, TriggerKind.NothingStandsOut, TriggerKind.AttributeResonates, TriggerKind.AttributeUntried], kinds.Distinct());
    }

    [Fact]
    public void Find_NothingKnown_HasOnlyWhatWasNotTried()
    {
        var triggers = Find(ReadingCase.Segment("default", (0, 0), (0, 0), (0, 0), (0, 0)));

        Assert.All(triggers, trigger => Assert.Equal(TriggerKind.AttributeUntried, trigger.Kind));
        Assert.Contains(triggers, trigger => trigger.Slot == "headline" && trigger.Attribute == new ModuleAttribute("angle", "proof"));
        Assert.Contains(triggers, trigger => trigger.Slot == "headline" && trigger.Attribute == new ModuleAttribute("tone", "playful"));
        Assert.Contains(triggers, trigger => trigger.Slot == "image" && trigger.Attribute == new ModuleAttribute("tone", "warm"));
        Assert.DoesNotContain(triggers, trigger => trigger.Slot == "image" && trigger.Attribute!.Name == "angle");
    }

    [Fact]
    public void Find_ManySegments_IsBounded()
    {
        SegmentReading[] segments = [.. Enumerable.Range(0, 200).Select(i => ReadingCase.Segment($"s{i}", ["h1", "h2"], [], Alike))];

        Assert.Equal(TriggerFinder.MaxTriggers, Find(segments).Length);
    }

    private static System.Collections.Immutable.ImmutableArray<Trigger> Find(params SegmentReading[] segments) => TriggerFinder.Find(ReadingCase.Campaign, segments);
}
