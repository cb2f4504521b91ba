namespace Flywheel.Domain.Scoring;

/// <summary>An estimate with its 95 % interval.</summary>
public readonly record struct Interval(double Mean, double Low, double High);
