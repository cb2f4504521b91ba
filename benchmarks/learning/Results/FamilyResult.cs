using System.Collections.Immutable;

namespace Flywheel.Benchmarks.Learning.Results;

/// <summary>A family's contestants, with the same seeds in the same order.</summary>
/// <param name="Impressions">Of each world's run.</param>
/// <param name="Rivals">Those that fit the family.</param>
internal sealed record FamilyResult(string Name, int Worlds, int Impressions, double? TargetPercent, Contestant Learner, ImmutableArray<Contestant> Rivals)
{
    public Contestant BestRival => Rivals.MaxBy(rival => rival.Headroom.Mean)!;

    public Estimate LearnerOverBestRival => Estimate.OfPairs(Learner.BySeed, BestRival.BySeed);
}
