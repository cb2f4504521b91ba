namespace Flywheel.Cli.Simulate;

/// <summary>A world's runs.</summary>
internal sealed record WorldReport(string World, IReadOnlyList<SeedReport> Seeds, MeanReport Mean)
{
    public static WorldReport From(World world, IReadOnlyList<SimulationRun> runs) => new(
        world.Name,
        [.. runs.Select(run => new SeedReport(run.Seed, run.Reward, run.Expected, run.Uniform, run.Best, run.HeadroomCaptured, run.FinalRateOverBest, run.Declared))],
        MeanReport.Of(runs.Select(run => new MeanReport(run.HeadroomCaptured, run.FinalRateOverBest))));
}
