using System.Collections.Immutable;

namespace Flywheel.Benchmarks.Learning.Results;

/// <summary>What one captured in a family.</summary>
/// <param name="BySeed">Headroom captured in percent, for each seed the mean over the family's worlds.</param>
internal sealed record Contestant(string Name, ImmutableArray<double> BySeed)
{
    public Estimate Headroom { get; } = Estimate.Of(BySeed);
}
