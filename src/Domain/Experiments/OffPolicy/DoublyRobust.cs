namespace Flywheel.Domain.Experiments.OffPolicy;

/// <summary>
/// Doubly robust: the mean of Σ π(a|x)·q(x, a) + w·(r - q(x, a)), a model's answer corrected by what it missed (Dudík, Langford, Li,
/// ICML 2011). Unbiased whatever the model q says, because no row's model has seen the row (Chernozhukov et al., Econometrics
/// Journal 21, 2018); the better the model, the narrower.
/// </summary>
internal static class DoublyRobust
{
    public static OffPolicyEstimate Of(WeightedLog weighted)
    {
        var model = RewardModel.Fit(weighted);
        // Powers are taken about the log's own mean, so that little cancels.
        var centre = weighted.MeanReward / weighted.MostReward;
        var (sum, squares, cubes, least, most) = (0.0, 0.0, 0.0, 0.0, 0.0);
        var rows = weighted.Log.Rows;
        for (var i = 0; i < rows.Length; i++)
        {
            var (fold, weight) = (RewardModel.FoldOf(i), weighted.WeightOf(rows[i]));
            var (expected, answer) = (model.Pair(fold, rows[i].Pair), model.Target(fold, weighted.Log.ContextOfPair[rows[i].Pair]) - centre);
            var earned = answer + weight * (weighted.RewardOf(rows[i]) - expected);
            sum += earned;
            squares += earned * earned;
            cubes += earned * earned * earned;
            least = Math.Min(least, answer - weight * expected);
            most = Math.Max(most, answer + weight * (1 - expected));
        }
        var sums = new RowSums(rows.Length, sum, squares, cubes);
        return weighted.Estimate(
            centre + sums.Mean,
            centre + SkewedMean.Lower(sums, least, weighted.EffectiveRows),
            centre + SkewedMean.Upper(sums, most, weighted.EffectiveRows));
    }
}
