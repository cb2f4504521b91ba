namespace Flywheel.Domain.Experiments.OffPolicy;

/// <summary>
/// Self-normalised: Σw·r ÷ Σw (Swaminathan and Joachims, NIPS 2015). What chance does to the weights cancels; a bias of the order
/// of one over the effective sample size comes in. Its interval holds the values v that the rows w·(r - v), whose mean is 0 at the
/// truth, do not rule out (Fieller, JRSS B 16, 1954).
/// </summary>
internal sealed class SelfNormalised
{
    private const int Halvings = 45;

    private readonly WeightedLog _weighted;
    private readonly double _mean;

    /// <summary>Σ wʲ·(r - mean)ᵏ, at [j, k].</summary>
    private readonly double[,] _powers = new double[4, 4];

    private SelfNormalised(WeightedLog weighted)
    {
        _weighted = weighted;
        foreach (ref readonly var row in weighted.Log.Rows)
            _mean += weighted.WeightOf(row) * weighted.RewardOf(row) / weighted.Weights;
        foreach (ref readonly var row in weighted.Log.Rows)
            Add(weighted.WeightOf(row), weighted.RewardOf(row) - _mean);
    }

    public static OffPolicyEstimate Of(WeightedLog weighted)
    {
        var self = new SelfNormalised(weighted);
        return weighted.Estimate(
            self._mean,
            Boundary(self._mean, 0, value => self.IsTooLow(value)),
            Boundary(self._mean, 1, value => self.IsTooHigh(value)));
    }

    private void Add(double weight, double error)
    {
        var product = weight * error;
        _powers[1, 0] += weight;
        _powers[1, 1] += product;
        _powers[2, 0] += weight * weight;
        _powers[2, 1] += weight * product;
        _powers[2, 2] += product * product;
        _powers[3, 0] += weight * weight * weight;
        _powers[3, 1] += weight * weight * product;
        _powers[3, 2] += weight * product * product;
        _powers[3, 3] += product * product * product;
    }

    private bool IsTooHigh(double value) => SkewedMean.Upper(At(value - _mean), _weighted.MostWeight * (1 - value), _weighted.EffectiveRows) < 0;

    private bool IsTooLow(double value) => SkewedMean.Lower(At(value - _mean), -_weighted.MostWeight * value, _weighted.EffectiveRows) > 0;

    /// <summary>Sums of w·(r - mean - offset), by the binomial theorem.</summary>
    private RowSums At(double offset) => new(
        _weighted.Log.Count,
        _powers[1, 1] - offset * _powers[1, 0],
        _powers[2, 2] - 2 * offset * _powers[2, 1] + offset * offset * _powers[2, 0],
        _powers[3, 3] - offset * (3 * _powers[3, 2] - offset * (3 * _powers[3, 1] - offset * _powers[3, 0])));

    /// <summary>The last value on the way from the mean to the end that is not ruled out.</summary>
    private static double Boundary(double mean, double end, Func<double, bool> isRuledOut)
    {
        if (!isRuledOut(end))
            return end;
        var (inside, outside) = (mean, end);
        for (var i = 0; i < Halvings; i++)
        {
            var middle = (inside + outside) / 2;
            if (isRuledOut(middle))
                outside = middle;
            else
                inside = middle;
        }
        return outside;
    }
}
