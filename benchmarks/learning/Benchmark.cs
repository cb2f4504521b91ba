using System.Collections.Immutable;
using Flywheel.Benchmarks.Learning.Audience;
using Flywheel.Benchmarks.Learning.Results;
using Flywheel.Benchmarks.Learning.Rivals;
using Flywheel.Cli.Simulate;

namespace Flywheel.Benchmarks.Learning;

/// <summary>Runs every world with every seed, the learner and its rivals beside each other, as many runs at a time as there are cores.</summary>
internal static class Benchmark
{
    public static FamilyResult Run(Family family, int seeds)
    {
        var kinds = RivalKind.All.Where(kind => family.Worlds.Any(world => kind.Fits(world.Slots.Length, world.Segments.Length))).ToImmutableArray();
        // By contestant (the learner first), seed and world.
        var captured = new double[kinds.Length + 1, seeds, family.Worlds.Length];
        Parallel.For(0, captured.Length, job =>
        {
            var (contestant, seed, world) = (job % (kinds.Length + 1), job / (kinds.Length + 1) % seeds, job / (kinds.Length + 1) / seeds);
            captured[contestant, seed, world] = Run(contestant == 0 ? null : kinds[contestant - 1], family.Worlds[world], seed + 1);
        });
        return new FamilyResult(
            family.Name, family.Worlds.Length, family.Worlds[0].Impressions, family.TargetPercent, Collect("learner", 0, captured),
            [.. kinds.Select((kind, i) => Collect(kind.Name, i + 1, captured))]);
    }

    private static double Run(RivalKind? kind, World world, int seed) =>
        kind is null ? LearnerRun.HeadroomCaptured(world, seed) : RivalRun.HeadroomCaptured(world, kind.Create, seed);

    private static Contestant Collect(string name, int contestant, double[,,] captured) => new(name,
        [.. Enumerable.Range(0, captured.GetLength(1)).Select(seed =>
            100 * Enumerable.Range(0, captured.GetLength(2)).Average(world => captured[contestant, seed, world]))]);
}
