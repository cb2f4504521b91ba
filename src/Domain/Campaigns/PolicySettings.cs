namespace Flywheel.Domain.Campaigns;

/// <summary>How a campaign explores and attributes.</summary>
public sealed record PolicySettings
{
    /// <summary>Share of decisions served by the uniform policy, for ever; 0 to 1. Source of every lift that is claimed.</summary>
    public double Control { get; init; } = 0.05;

    /// <summary>The least probability of any combination; 0 to 1 ÷ combinations.</summary>
    public double MinPropensity { get; init; }

    /// <summary>How long after a decision its signals count; 1 s to 30 days.</summary>
    public TimeSpan AttributionWindow { get; init; } = TimeSpan.FromHours(1);
}
