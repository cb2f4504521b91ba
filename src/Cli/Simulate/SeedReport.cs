namespace Flywheel.Cli.Simulate;

/// <summary>One run.</summary>
internal sealed record SeedReport(int Seed, long Reward, double Expected, double Uniform, double Best, double? HeadroomCaptured, double FinalRateOverBest);
