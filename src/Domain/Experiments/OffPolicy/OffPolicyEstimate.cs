namespace Flywheel.Domain.Experiments.OffPolicy;

/// <summary>What the target would have earned a decision, by one estimator, with a 95 % interval.</summary>
/// <param name="EffectiveSampleSize">Kish's (Σw)² ÷ Σw²: how many unweighted rows would tell as much.</param>
public sealed record OffPolicyEstimate(double Mean, double Low, double High, double EffectiveSampleSize);
