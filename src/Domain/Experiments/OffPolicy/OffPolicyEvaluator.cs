using System.Globalization;

namespace Flywheel.Domain.Experiments.OffPolicy;

/// <summary>What a policy would have earned, from a log that another policy wrote.</summary>
public static class OffPolicyEvaluator
{
    /// <summary>Of the intervals: at least this share of them holds the truth.</summary>
    public const double Coverage = 0.95;

    /// <summary>
    /// The least (Σw)² ÷ Σw². Below it a handful of rows decide everything; in simulation the intervals still hold a little
    /// below it, and say next to nothing.
    /// </summary>
    public const double LeastEffectiveRows = 10;

    /// <summary>How probable weights so far from their mean of 1 would have to be, for the propensities to be believed.</summary>
    private const double LeastCredible = 1e-6;

    /// <param name="log">Rows are taken as independent, their propensities as exact.</param>
    /// <param name="target">Says what to do in each of the log's contexts; other contexts of it count for nothing.</param>
    public static OffPolicyResult Evaluate(DecisionLog log, TargetPolicy target)
    {
        ArgumentNullException.ThrowIfNull(log);
        ArgumentNullException.ThrowIfNull(target);
        if (log.Count == 0)
            return new OffPolicyResult(0, null, "the log has no rows");
        var match = TargetMatch.Of(log, target);
        var weighted = new WeightedLog(log, match.Probability);
        var refusal = match.Refusal ?? Doubt(weighted);
        return refusal is not null
            ? new OffPolicyResult(log.Count, weighted.MeanReward, refusal)
            : new OffPolicyResult(
                log.Count, weighted.MeanReward, null, InversePropensity.Of(weighted), SelfNormalised.Of(weighted), DoublyRobust.Of(weighted));
    }

    /// <summary>Why the weights or the rewards can't carry an estimate.</summary>
    private static string? Doubt(WeightedLog weighted)
    {
        if (!AreCredible(weighted))
            return Text($"the propensities are not those the log was made with: the mean weight is {weighted.Weights / weighted.Log.Count:0.####}, and would be 1");
        if (weighted.EffectiveRows < LeastEffectiveRows)
            return Text($"the effective sample size is {weighted.EffectiveRows:0.#} of {weighted.Log.Count:N0} rows; {LeastEffectiveRows} or more can be told from chance");
        return weighted.MostReward == 0 ? "the log holds no reward, so nothing tells how large one is" : null;
    }

    /// <summary>
    /// The mean weight is 1 under the log's own policy. Bernstein's inequality bounds how far chance takes it, with the largest
    /// variance that weights of mean 1 up to the largest one can have (Bhatia and Davis, American Mathematical Monthly 107, 2000).
    /// </summary>
    private static bool AreCredible(WeightedLog weighted)
    {
        var (rows, off) = (weighted.Log.Count, Math.Abs(weighted.Weights / weighted.Log.Count - 1));
        var variance = Math.Max(0, weighted.MostWeight - 1);
        var exponent = rows * off * off / (2 * variance + 2.0 / 3 * Math.Max(1, weighted.MostWeight) * off);
        return off < TargetPolicy.Tolerance || 2 * Math.Exp(-exponent) >= LeastCredible;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
