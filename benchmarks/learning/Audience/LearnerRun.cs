using Flywheel.Cli.Simulate;
using Flywheel.Domain.Learning;

namespace Flywheel.Benchmarks.Learning.Audience;

/// <summary>One run of the engine's learner, through the classes behind <c>flywheel simulate</c>. Nothing else here knows them.</summary>
internal static class LearnerRun
{
    public static double HeadroomCaptured(World world, int seed) =>
        new SimulationRun(world, new ModuleEffectsLearner(), seed).Run().HeadroomCaptured
        ?? throw new InvalidDataException($"{world.Name}: nothing to gain; expected a best combination above the mean");
}
