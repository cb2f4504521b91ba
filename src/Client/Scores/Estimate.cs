namespace Flywheel.Client;

/// <summary>An estimate with its interval.</summary>
public sealed record Estimate(double Mean, double Low, double High);
