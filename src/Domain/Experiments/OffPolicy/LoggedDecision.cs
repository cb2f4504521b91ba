namespace Flywheel.Domain.Experiments.OffPolicy;

/// <summary>One row of a log: what was shown where, how probable that was, and what it earned.</summary>
/// <param name="Pair">The log's number of the row's context and action.</param>
internal readonly record struct LoggedDecision(int Pair, double Propensity, double Reward);
