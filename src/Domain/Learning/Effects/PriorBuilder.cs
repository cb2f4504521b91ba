using System.Collections.Immutable;

namespace Flywheel.Domain.Learning.Effects;

/// <summary>
/// What to expect of each module of a segment before its own evidence there: from other segments where the campaign has them,
/// from the version it replaces, from modules that share its attributes, and from a width that the slot's own effects teach.
/// </summary>
internal static class PriorBuilder
{
    /// <summary>How far a new version is expected to do as the one before it: the correlation of their effects.</summary>
    private const double Kinship = 0.5;

    /// <summary>Share of the variance between modules that an attribute is expected to explain.</summary>
    private const double AttributeShare = 0.3;

    /// <summary>Modules that the archive's width is worth when a slot's own effects speak.</summary>
    private const double WidthStrength = 8;

    private const double WidthStep = 0.2;

    /// <summary>The variance of effects is never more than this.</summary>
    private const double WidestVariance = 2.25;

    public static EffectPrior[] Initial(ImmutableArray<ModulePrior> modules, ImmutableArray<EffectPrior> pooled, EffectWidths widths)
    {
        var priors = new EffectPrior[modules.Length];
        for (var i = 0; i < priors.Length; i++)
            priors[i] = new EffectPrior(modules[i].Mean + (pooled.IsDefault ? 0 : pooled[i].Mean), pooled.IsDefault ? widths.Module * widths.Module : pooled[i].Variance);
        return priors;
    }

    /// <summary>The priors, once a first fit with them has shown how far effects reach.</summary>
    public static EffectPrior[] Refine(ImmutableArray<ModulePrior> modules, EffectPrior[] priors, SlotFit first, Exposure exposure, bool isPooled)
    {
        var refined = isPooled ? [.. priors] : Widen(priors, first);
        for (var i = 0; i < refined.Length; i++)
        {
            if (modules[i].Predecessor != 0 && exposure.SumOf(modules[i].Predecessor) is { Exposure: > 0 } earlier)
                refined[i] = Inherit(refined[i], earlier.Exposure * Math.Exp(first.Level), earlier.Rewards);
        }
        ShareAttributes(modules, refined, first);
        return refined;
    }

    /// <summary>One step of EM on the variance of the effects, with an inverse gamma prior around the width given.</summary>
    private static EffectPrior[] Widen(EffectPrior[] priors, SlotFit first)
    {
        var sum = 0.0;
        for (var i = 0; i < priors.Length; i++)
        {
            var off = first.Means[i] - priors[i].Mean;
            sum += WidthStrength * priors[i].Variance / priors.Length + off * off + first.Variances[i];
        }
        // In steps of a tenth: finer means nothing, and what is known of the past stays as it is while the width does.
        var variance = Math.Min(WidestVariance, Math.Exp(WidthStep * Math.Round(Math.Log(sum / (WidthStrength + priors.Length)) / WidthStep)));
        return [.. priors.Select(prior => prior with { Variance = variance })];
    }

    private static EffectPrior Inherit(EffectPrior prior, double expected, double rewards)
    {
        var variance = 1 / (expected + 1 / prior.Variance);
        var effect = Math.Clamp((rewards - expected) * variance, -1, 1);
        return new EffectPrior(
            prior.Mean + Kinship * effect,
            (1 - Kinship * Kinship) * prior.Variance + Kinship * Kinship * variance);
    }

    /// <summary>
    /// Effects of attributes: each the shrunken mean of what its modules show beyond their priors, the others' only, so that no
    /// module's evidence counts twice.
    /// </summary>
    private static void ShareAttributes(ImmutableArray<ModulePrior> modules, EffectPrior[] priors, SlotFit first)
    {
        if (modules.All(module => module.Attributes.IsEmpty))
            return;
        var lent = new double[priors.Length];
        for (var i = 0; i < priors.Length; i++)
        {
            var (sum, precision) = (0.0, 1 / (AttributeShare * priors[i].Variance));
            for (var j = 0; j < priors.Length; j++)
            {
                if (j == i || !modules[i].Attributes.Any(modules[j].Attributes.Contains) || first.Expected[j] <= 0)
                    continue;
                var noise = 1 / first.Expected[j] + (1 - AttributeShare) * priors[j].Variance;
                sum += (first.Means[j] + (first.Counted[j] - first.Expected[j]) / first.Expected[j] - priors[j].Mean) / noise;
                precision += 1 / noise;
            }
            lent[i] = Math.Clamp(sum / precision, -1, 1);
        }
        for (var i = 0; i < priors.Length; i++)
            priors[i] = priors[i] with { Mean = priors[i].Mean + lent[i] };
    }
}
