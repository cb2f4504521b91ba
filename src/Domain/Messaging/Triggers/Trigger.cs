using System.Collections.Immutable;
using Flywheel.Domain.Scoring;

namespace Flywheel.Domain.Messaging.Triggers;

/// <summary>A reason to propose new messaging for a slot, with the figures it stands on.</summary>
public sealed record Trigger(TriggerKind Kind, string Slot)
{
    /// <summary>The segment it was seen in; null where it is about all.</summary>
    public string? Segment { get; init; }

    /// <summary>The module that has faded; null for every other kind.</summary>
    public string? Module { get; init; }

    /// <summary>What to write more of, or to try; null where anything goes.</summary>
    public ModuleAttribute? Attribute { get; init; }

    /// <summary>Ids of the modules that have <see cref="Attribute"/>.</summary>
    public ImmutableArray<string> Carriers { get; init; } = [];

    public ImmutableArray<Figure> Evidence { get; init; } = [];

    /// <summary>A person asks for new messaging in a slot.</summary>
    public static Trigger Asked(string slot) => new(TriggerKind.Asked, slot);

    /// <summary>The same for the same reason, whatever its figures: what a cool-down goes by. A new version of a module has the key of the old.</summary>
    public string Key => $"{Slot}/{Kind}/{Segment}/{Module}/{Attribute?.Name}/{Attribute?.Value}";

    /// <summary>The reason in one plain clause, without a full stop.</summary>
    /// <param name="language">A language tag: French for <c>fr</c> and its regions, English for every other.</param>
    public string Reason(string language) => Wording.IsFrench(language) ? InFrench() : InEnglish();

    /// <summary>What is expected of new messaging, in one plain clause without a full stop: its trial bears it out or does not.</summary>
    /// <param name="language">As for <see cref="Reason"/>.</param>
    public string Hypothesis(string language) => Wording.IsFrench(language) ? HypothesisInFrench() : HypothesisInEnglish();

    private string HypothesisInEnglish() => Kind switch
    {
        TriggerKind.ModuleFaded => $"something new earns more in {Segment} than {Module} does now",
        TriggerKind.NothingStandsOut => $"something unlike what {Slot} has stands out in {Segment}",
        TriggerKind.AttributeResonates => $"one more with {Attribute!.Name} “{Attribute.Value}” earns more than the average of {Slot}",
        TriggerKind.AttributeUntried => $"{Attribute!.Name} “{Attribute.Value}” earns more than the average of {Slot}",
        _ => $"something new earns more than the average of {Slot}",
    };

    private string HypothesisInFrench() => Kind switch
    {
        TriggerKind.ModuleFaded => $"un nouveau message rapporte plus dans {Segment} que {Module} aujourd’hui",
        TriggerKind.NothingStandsOut => $"un message différent de ceux de {Slot} se détache dans {Segment}",
        TriggerKind.AttributeResonates => $"un message de plus avec {Attribute!.Name} {Wording.Quote(Attribute.Value)} rapporte plus que la moyenne de {Slot}",
        TriggerKind.AttributeUntried => $"{Attribute!.Name} {Wording.Quote(Attribute.Value)} rapporte plus que la moyenne de {Slot}",
        _ => $"un nouveau message rapporte plus que la moyenne de {Slot}",
    };

    private string InEnglish() => Kind switch
    {
        TriggerKind.Asked => $"a person asked for new messaging in {Slot}",
        TriggerKind.ModuleFaded => $"{Module} has faded in {Segment}",
        TriggerKind.NothingStandsOut => $"no module of {Slot} stands out in {Segment}",
        TriggerKind.AttributeResonates => $"{Attribute!.Name} “{Attribute.Value}” resonates in {Segment}, and only {string.Join(" and ", Carriers)} {(Carriers.Length == 1 ? "has" : "have")} it",
        _ => $"no module of {Slot} has tried {Attribute!.Name} “{Attribute.Value}” yet",
    };

    private string InFrench() => Kind switch
    {
        TriggerKind.Asked => $"une personne a demandé de nouveaux messages pour {Slot}",
        TriggerKind.ModuleFaded => $"{Module} s’essouffle dans {Segment}",
        TriggerKind.NothingStandsOut => $"aucun module de {Slot} ne se détache dans {Segment}",
        TriggerKind.AttributeResonates => $"{Attribute!.Name} {Wording.Quote(Attribute.Value)} résonne dans {Segment}, et {(Carriers.Length == 1 ? "seul" : "seuls")} {string.Join(" et ", Carriers)} {(Carriers.Length == 1 ? "l’a" : "l’ont")}",
        _ => $"aucun module de {Slot} n’a encore essayé {Attribute!.Name} {Wording.Quote(Attribute.Value)}",
    };
}
