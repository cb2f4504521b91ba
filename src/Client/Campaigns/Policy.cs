namespace Flywheel.Client;

/// <summary>How the engine explores.</summary>
public sealed record Policy
{
    /// <value>The share of decisions served by the uniform policy, 0 to 1.</value>
    public double? Control { get; init; }

    /// <value>The least probability of any combination, 0 to 1 ÷ the number of combinations.</value>
    public double? MinPropensity { get; init; }

    /// <value>How long after its decision a signal still counts, 1 s to 30 days.</value>
    public TimeSpan? AttributionWindow { get; init; }
}
