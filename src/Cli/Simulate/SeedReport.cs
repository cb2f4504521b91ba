namespace Flywheel.Cli.Simulate;

/// <summary>One run.</summary>
/// <param name="Declared">By segment; null where no combination was told to win.</param>
internal sealed record SeedReport(
    int Seed, long Reward, double Expected, double Uniform, double Best, double? HeadroomCaptured, double FinalRateOverBest, IReadOnlyDictionary<string, DeclaredReport?> Declared);
