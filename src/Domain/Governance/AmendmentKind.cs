namespace Flywheel.Domain.Governance;

/// <summary>What is done to a module.</summary>
public enum AmendmentKind
{
    /// <summary>A new module goes on trial.</summary>
    Add,

    /// <summary>A module on trial may take as much traffic as it earns.</summary>
    Promote,

    /// <summary>A module leaves the document.</summary>
    Retire,

    /// <summary>A module leaves service until it is resumed.</summary>
    Stop,

    /// <summary>A stopped module serves again.</summary>
    Resume,

    /// <summary>What is learnt serves this module alone in its slot, until it is unpinned.</summary>
    Pin,

    Unpin,
}
