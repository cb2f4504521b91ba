namespace Flywheel.Domain.Experiments;

/// <summary>What may be said of an experiment at this look.</summary>
public enum Verdict
{
    /// <summary>Nothing yet: no difference is certain.</summary>
    Learning,

    /// <summary>Learning earns more than control.</summary>
    Winning,

    /// <summary>Learning earns less than control.</summary>
    Losing,

    /// <summary>The figures are not to be trusted.</summary>
    Unhealthy,
}
