namespace Flywheel.Domain.Messaging.Triggers;

/// <summary>Why agents are to propose something; the strongest reason first.</summary>
public enum TriggerKind
{
    /// <summary>A person asked.</summary>
    Asked,

    /// <summary>A module has faded in a segment.</summary>
    ModuleFaded,

    /// <summary>In a segment nothing stands out, though much is known.</summary>
    NothingStandsOut,

    /// <summary>A value of an attribute resonates in a segment and few modules have it.</summary>
    AttributeResonates,

    /// <summary>A value of an attribute that no module of a slot has yet.</summary>
    AttributeUntried,
}
