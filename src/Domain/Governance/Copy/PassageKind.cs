namespace Flywheel.Domain.Governance.Copy;

internal enum PassageKind
{
    /// <summary>The audience reads it.</summary>
    Copy,

    /// <summary>The audience's browser fetches it.</summary>
    Address,

    /// <summary>Operators read it: attributes, and names of members that are more than a name.</summary>
    Label,
}
