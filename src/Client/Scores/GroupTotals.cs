namespace Flywheel.Client;

/// <summary>Exact totals of the learned or the control group.</summary>
public sealed record GroupTotals(long Decisions, long Impressions, double Reward);
