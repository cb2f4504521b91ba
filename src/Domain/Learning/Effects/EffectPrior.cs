namespace Flywheel.Domain.Learning.Effects;

/// <summary>A normal belief about the log of a module's rate ÷ its slot's level, before the segment's own evidence.</summary>
public readonly record struct EffectPrior(double Mean, double Variance);
