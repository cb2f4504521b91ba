using System.Collections.Immutable;
using Flywheel.Domain.Learning;
using Flywheel.Domain.Numerics;

namespace Flywheel.Domain.Scoring;

/// <summary>
/// Resonance: 100 × a module's expected reward rate ÷ the rate its slot would have under the uniform policy. 100 is the
/// slot's average.
/// </summary>
public static class ResonanceScale
{
    /// <summary>A module counts as known once its 95 % interval of resonance is narrower than this.</summary>
    public const double SteadyWidth = 40;

    private const double Z95 = 1.959963984540054;

    /// <summary>By how much modules of a slot differ, a standard deviation of the log: as real headlines do.</summary>
    private const double BetweenModulesSd = 0.25;

    /// <summary>A module's rate in reward units an impression.</summary>
    /// <param name="module">What is believed of it.</param>
    /// <param name="cap">The most one decision can earn.</param>
    public static Interval Rate(ModuleEstimate module, double cap) => new(
        cap * module.Rate,
        cap * Math.Min(module.Rate, SpecialFunctions.Expit(module.LogOdds - Z95 * module.RateSd)),
        cap * Math.Max(module.Rate, SpecialFunctions.Expit(module.LogOdds + Z95 * module.RateSd)));

    /// <summary>
    /// The resonance of each module of a slot. The interval is the delta method's on the log of the ratio: with
    /// w_j = θ_j ÷ Σθ, Var log R_m = (1 − w_m)² v_m + Σ_{j≠m} w_j² v_j, where v_j is the variance of log θ_j.
    /// </summary>
    public static ImmutableArray<Interval> Resonances(ImmutableArray<ModuleEstimate> slot)
    {
        var total = slot.Sum(module => module.Rate);
        var weights = slot.Select(module => module.Rate / total).ToArray();
        var variances = slot.Select(module => Math.Pow((1 - module.Rate) * module.LogOddsSd, 2)).ToArray();
        var shared = weights.Zip(variances, (weight, variance) => weight * weight * variance).Sum();
        return
        [
            .. weights.Select((weight, i) =>
            {
                var mean = 100 * weight * slot.Length;
                var reach = Math.Exp(Z95 * Math.Sqrt(Math.Max(0, shared + (1 - 2 * weight) * variances[i])));
                return new Interval(mean, mean / reach, mean * reach);
            }),
        ];
    }

    /// <summary>
    /// The resonance of a module as good as some of a slot's are on average: θ has the mean of their log-odds, each weighed by the inverse of
    /// its variance and of that between modules, 0.25² (random effects: DerSimonian and Laird 1986; by their own variance alone those with
    /// more rewards would count more because they are better). The interval is the delta method's, as in <see cref="Resonances"/>: the gradient of log R
    /// by the log-odds of module j is (1 − θ) p_j − (1 − θ_j) w_j, p_j its weight among them and w_j = θ_j ÷ Σθ.
    /// </summary>
    /// <param name="members">Places of those modules in the slot; at least one.</param>
    public static Interval Pooled(ImmutableArray<ModuleEstimate> slot, IReadOnlyCollection<int> members)
    {
        ArgumentOutOfRangeException.ThrowIfZero(members.Count);
        double WeightOf(int module) => 1 / (slot[module].LogOddsSd * slot[module].LogOddsSd + BetweenModulesSd * BetweenModulesSd);
        var all = members.Sum(WeightOf);
        var rate = SpecialFunctions.Expit(members.Sum(module => WeightOf(module) * slot[module].LogOdds) / all);
        var total = slot.Sum(module => module.Rate);
        var variance = 0.0;
        for (var module = 0; module < slot.Length; module++)
        {
            var own = members.Contains(module) ? (1 - rate) * WeightOf(module) / all : 0;
            variance += Math.Pow((own - (1 - slot[module].Rate) * slot[module].Rate / total) * slot[module].LogOddsSd, 2);
        }
        var mean = 100 * rate * slot.Length / total;
        var reach = Math.Exp(Z95 * Math.Sqrt(variance));
        return new Interval(mean, mean / reach, mean * reach);
    }

    public static ModuleState StateOf(Interval resonance) =>
        resonance.Low > 100 ? ModuleState.Rising
        : resonance.High - resonance.Low < SteadyWidth || resonance.High < 100 ? ModuleState.Steady
        : ModuleState.Learning;
}
