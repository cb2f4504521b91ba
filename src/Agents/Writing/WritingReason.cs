namespace Flywheel.Agents.Writing;

/// <summary>Why new messaging is asked for.</summary>
public enum WritingReason
{
    /// <summary>A person asked for it.</summary>
    Asked,

    /// <summary>A person wants what was proposed done differently.</summary>
    Revision,

    /// <summary>A module has fallen against its own past, the rest of its slot has not.</summary>
    Faded,

    /// <summary>After a stated amount of evidence no module stands out.</summary>
    NothingStandsOut,

    /// <summary>An attribute resonates and few modules have it.</summary>
    AttributeScarce,

    /// <summary>An attribute that no module has had yet.</summary>
    AttributeUntried,
}
