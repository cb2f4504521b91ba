namespace Flywheel.Domain.Experiments.OffPolicy;

/// <summary>A log whose rows are weighted by how much likelier the target's choice of them is: w = π(action|context) ÷ propensity.</summary>
internal sealed class WeightedLog
{
    private readonly double[] _target;

    /// <param name="target">The target's probability of each pair.</param>
    public WeightedLog(DecisionLog log, double[] target)
    {
        (Log, _target) = (log, target);
        var (weights, squares, rewards) = (0.0, 0.0, 0.0);
        foreach (ref readonly var row in log.Rows)
        {
            var weight = WeightOf(row);
            weights += weight;
            squares += weight * weight;
            rewards += row.Reward;
            MostWeight = Math.Max(MostWeight, weight);
            MostReward = Math.Max(MostReward, row.Reward);
        }
        (Weights, EffectiveRows, MeanReward) = (weights, squares > 0 ? weights * weights / squares : 0, rewards / log.Count);
    }

    public DecisionLog Log { get; }

    public ReadOnlySpan<double> Target => _target;

    /// <summary>Σw: the number of rows, but for chance.</summary>
    public double Weights { get; }

    public double MostWeight { get; }

    /// <summary>(Σw)² ÷ Σw² (Kish, Survey Sampling, 1965).</summary>
    public double EffectiveRows { get; }

    public double MeanReward { get; }

    /// <summary>The largest reward: the unit the estimators count in, so that no power of a reward overflows or vanishes.</summary>
    public double MostReward { get; }

    public double WeightOf(in LoggedDecision row) => _target[row.Pair] / row.Propensity;

    /// <summary>From 0 to 1.</summary>
    public double RewardOf(in LoggedDecision row) => row.Reward / MostReward;

    /// <summary>An estimate in units of <see cref="MostReward"/> as one in units of rewards. Rewards are 0 or more, so the lower limit is too.</summary>
    public OffPolicyEstimate Estimate(double mean, double low, double high) =>
        new(mean * MostReward, Math.Max(low, Math.Min(mean, 0)) * MostReward, high * MostReward, EffectiveRows);
}
