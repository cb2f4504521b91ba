namespace Flywheel.Client;

/// <summary>Exact totals of a group, and its reward per impression.</summary>
public sealed record ExperimentGroup(long Decisions, long Impressions, double Reward, double Rate);
