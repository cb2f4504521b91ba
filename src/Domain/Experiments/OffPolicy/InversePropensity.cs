namespace Flywheel.Domain.Experiments.OffPolicy;

/// <summary>Inverse propensity scores: the mean of w·r (Horvitz and Thompson, JASA 47, 1952). Unbiased, and widest.</summary>
internal static class InversePropensity
{
    public static OffPolicyEstimate Of(WeightedLog weighted)
    {
        var (sum, squares, cubes) = (0.0, 0.0, 0.0);
        foreach (ref readonly var row in weighted.Log.Rows)
        {
            var earned = weighted.WeightOf(row) * weighted.RewardOf(row);
            sum += earned;
            squares += earned * earned;
            cubes += earned * earned * earned;
        }
        var sums = new RowSums(weighted.Log.Count, sum, squares, cubes);
        return weighted.Estimate(
            sums.Mean,
            SkewedMean.Lower(sums, 0, weighted.EffectiveRows),
            SkewedMean.Upper(sums, weighted.MostWeight, weighted.EffectiveRows));
    }
}
