namespace Flywheel.Client;

/// <summary>Exact totals of what another system served.</summary>
public sealed record ObservedTotals(long Impressions, double Reward);
