namespace Flywheel.Domain.Learning;

/// <summary>What is believed of a module's rate, before any narrowing that the policy explores with.</summary>
/// <param name="Rate">Expected reward an impression, as a share of the most a decision can earn; 0 to 1.</param>
/// <param name="LogOdds">Mean of the log-odds of the rate.</param>
/// <param name="LogOddsSd">Its standard deviation given the segment's level: what tells modules of a slot apart.</param>
/// <param name="RateSd">Its standard deviation when the level is not known for sure either: what the rate itself is known to.</param>
/// <param name="Share">Share of the segment's traffic that the policy gives it, 0 to 1.</param>
/// <param name="ProbabilityBest">Chance that it is the best of its slot, 0 to 1.</param>
public sealed record ModuleEstimate(double Rate, double LogOdds, double LogOddsSd, double RateSd, double Share, double ProbabilityBest);
