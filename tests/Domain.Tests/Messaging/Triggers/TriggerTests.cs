using Flywheel.Domain.Messaging.Triggers;

namespace Flywheel.Domain.Tests.Messaging.Triggers;

public sealed class TriggerTests
{
    public static TheoryData<Trigger, string, string> Reasons => new()
    {
        { Trigger.Asked("headline"), "a person asked for new messaging in headline", "une personne a demandé de nouveaux messages pour headline" },
        { new Trigger(TriggerKind.ModuleFaded, "headline") { Segment = "young-urban", Module = "h1" }, "h1 has faded in young-urban", "h1 s’essouffle dans young-urban" },
        { new Trigger(TriggerKind.NothingStandsOut, "headline") { Segment = "young-urban" }, "no module of headline stands out in young-urban", "aucun module de headline ne se détache dans young-urban" },
        { Resonates("h2"), "angle “curiosity” resonates in young-urban, and only h2 has it", "angle «\u00a0curiosity\u00a0» résonne dans young-urban, et seul h2 l’a" },
        { Resonates("h2", "h4"), "angle “curiosity” resonates in young-urban, and only h2 and h4 have it", "angle «\u00a0curiosity\u00a0» résonne dans young-urban, et seuls h2 et h4 l’ont" },
        {
            new Trigger(TriggerKind.AttributeUntried, "headline") { Attribute = new ModuleAttribute("angle", "proof") },
            "no module of headline has tried angle “proof” yet", "aucun module de headline n’a encore essayé angle «\u00a0proof\u00a0»"
        },
    };

    [Theory]
    [MemberData(nameof(Reasons))]
    public void Reason_OfEachKind_IsAPlainClauseInBothLanguages(Trigger trigger, string english, string french)
    {
        Assert.Equal(english, trigger.Reason("en-GB"));
        Assert.Equal(french, trigger.Reason("fr"));
    }

    public static TheoryData<Trigger, string, string> Hypotheses => new()
    {
        { Trigger.Asked("headline"), "something new earns more than the average of headline", "un nouveau message rapporte plus que la moyenne de headline" },
        { new Trigger(TriggerKind.ModuleFaded, "headline") { Segment = "young", Module = "h1" }, "something new earns more in young than h1 does now", "un nouveau message rapporte plus dans young que h1 aujourd’hui" },
        { new Trigger(TriggerKind.NothingStandsOut, "headline") { Segment = "young" }, "something unlike what headline has stands out in young", "un message différent de ceux de headline se détache dans young" },
        { Resonates("h2"), "one more with angle “curiosity” earns more than the average of headline", "un message de plus avec angle «\u00a0curiosity\u00a0» rapporte plus que la moyenne de headline" },
        {
            new Trigger(TriggerKind.AttributeUntried, "headline") { Attribute = new ModuleAttribute("angle", "proof") },
            "angle “proof” earns more than the average of headline", "angle «\u00a0proof\u00a0» rapporte plus que la moyenne de headline"
        },
    };

    [Theory]
    [MemberData(nameof(Hypotheses))]
    public void Hypothesis_OfEachKind_SaysWhatIsExpectedInBothLanguages(Trigger trigger, string english, string french)
    {
        Assert.Equal(english, trigger.Hypothesis("en-GB"));
        Assert.Equal(french, trigger.Hypothesis("fr"));
    }

    [Fact]
    public void Key_OtherFigures_IsTheSame()
    {
        var trigger = Resonates("h2");

        Assert.Equal(trigger.Key, (trigger with { Evidence = [Flywheel.Domain.Scoring.Figure.Count("modules", 3)], Carriers = ["h2", "h5"] }).Key);
        Assert.NotEqual(trigger.Key, (trigger with { Segment = "default" }).Key);
        Assert.NotEqual(trigger.Key, (trigger with { Slot = "image" }).Key);
        Assert.NotEqual(trigger.Key, (trigger with { Attribute = new ModuleAttribute("angle", "proof") }).Key);
    }

    private static Trigger Resonates(params string[] carriers) =>
        new(TriggerKind.AttributeResonates, "headline") { Segment = "young-urban", Attribute = new ModuleAttribute("angle", "curiosity"), Carriers = [.. carriers] };
}
