namespace Flywheel.Domain.Scoring;

/// <summary>How a module stands in its segment.</summary>
public enum ModuleState
{
    /// <summary>Its resonance is not yet known to within <see cref="ResonanceScale.SteadyWidth"/>, and could be the average.</summary>
    Learning,

    /// <summary>Known well enough, and not above its slot's average.</summary>
    Steady,

    /// <summary>Resonates above its slot's average: the whole interval lies over 100.</summary>
    Rising,
}
