namespace Flywheel.Domain.Governance.Trials;

/// <summary>What the evidence says of a module on trial.</summary>
public enum TrialVerdict
{
    /// <summary>Not enough is known.</summary>
    Continue,

    /// <summary>It may take as much traffic as it earns.</summary>
    Promote,

    /// <summary>It does no better than the slot did without it, and leaves.</summary>
    Retire,

    /// <summary>It harms, with a certainty of 97.5 %, and leaves at once.</summary>
    RollBack,
}
