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

    public static ModuleState StateOf(Interval resonance) =>
        resonance.Low > 100 ? ModuleState.Rising
        : resonance.High - resonance.Low < SteadyWidth || resonance.High < 100 ? ModuleState.Steady
        : ModuleState.Learning;
}
