using System.Collections.Immutable;

namespace Flywheel.Domain.Scoring.Fatigue;

/// <summary>In what company modules were shown since a bucket began that is still read off the counts.</summary>
/// <param name="StartMs">The bucket's first decision.</param>
/// <param name="Impressions">Impressions by module, in the order of <see cref="FatigueWatch.Modules"/>, as far as they were seen in pairs.</param>
/// <param name="Weighed">The same, each multiplied by what the other slots' modules do to a rate; 1 for all of them served evenly.</param>
public sealed record FreshCompany(long StartMs, ImmutableArray<double> Impressions, ImmutableArray<double> Weighed)
{
    /// <summary>By how much the company of a module moved its rate.</summary>
    internal double Of(int module) => Impressions[module] > 0 ? Weighed[module] / Impressions[module] : 1;

    internal FreshCompany Add(double[] impressions, double[] weighed) =>
        this with { Impressions = [.. Impressions.Zip(impressions, (a, b) => a + b)], Weighed = [.. Weighed.Zip(weighed, (a, b) => a + b)] };
}
