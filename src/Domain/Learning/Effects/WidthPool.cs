namespace Flywheel.Domain.Learning.Effects;

/// <summary>
/// How much effects vary, learned across campaigns: the most likely widths by what all campaigns' fits say together, the archive
/// being worth <see cref="ArchiveCampaigns"/> of them.
/// </summary>
/// <remarks>
/// <para>With y the effect that the evidence fits best and 1 ÷ j its variance, y ~ N(μ of the slot, T² + 1 ÷ j) by module, μ unknown
/// (restricted maximum likelihood; Patterson and Thompson 1971). For pairs, γ of which the evidence knows for sure, with m² the sum of
/// their squared effects: m² ÷ T² ~ χ² of γ (MacKay, Bayesian Interpolation, 1992). So a campaign counts as far as its modules and
/// pairs have evidence.</para>
/// <para>A campaign is, with chance <see cref="Strange"/>, unlike all others: whatever its counts, it speaks against a width by a
/// factor of 20 at the most, and not at all between widths that are all far from its own. Cost: campaigns × modules × 57.</para>
/// </remarks>
public static class WidthPool
{
    /// <summary>Campaigns that the archive is worth, each of <see cref="EffectsEach"/> effects that are known for sure.</summary>
    public const int ArchiveCampaigns = 10;

    /// <summary>Campaigns that are looked at: those with most rewards.</summary>
    public const int MaxCampaigns = 1_000;

    /// <summary>Widths are found to 5 %, and never further from the archive's than 28 such steps: a quarter to four times it.</summary>
    private const double Step = 1.05;
    private const int Steps = 28;

    private const double EffectsEach = 2;
    private const double Strange = 0.05;

    /// <summary>Rewards (about) that a module needs: below, the normal approximation leans to one side.</summary>
    private const double LeastPrecision = 5;

    /// <param name="campaigns">The fit of one segment of each: segments of the same campaign are no evidence of their own.</param>
    public static EffectWidths Learn(IEnumerable<SegmentSummary> campaigns)
    {
        var (modules, pairs) = (Archive(EffectWidths.Archive.Module), Archive(EffectWidths.Archive.Pair));
        foreach (var campaign in campaigns.OrderByDescending(campaign => campaign.Rewards).Take(MaxCampaigns))
        {
            Add(modules, EffectWidths.Archive.Module, width => OfModules(campaign, width * width));
            Add(pairs, EffectWidths.Archive.Pair, width => OfSquares(campaign.PairsKnown, campaign.PairSquares, width * width));
        }
        return new EffectWidths(Best(modules, EffectWidths.Archive.Module), Best(pairs, EffectWidths.Archive.Pair));
    }

    /// <summary>What to go on with: a width that has moved by no more than 5 % stays, so that no policy moves for so little.</summary>
    public static EffectWidths Settle(EffectWidths current, EffectWidths learned) =>
        new(Settle(current.Module, learned.Module), Settle(current.Pair, learned.Pair));

    private static double Settle(double current, double learned) =>
        Math.Abs(Math.Log(learned / current)) > Math.Log(Step) * 1.001 ? learned : current;

    private static double[] Archive(double width)
    {
        var effects = ArchiveCampaigns * EffectsEach;
        var logs = new double[2 * Steps + 1];
        for (var at = 0; at < logs.Length; at++)
            logs[at] = OfSquares(effects, effects * width * width, Math.Pow(WidthAt(at, width), 2));
        return logs;
    }

    private static void Add(double[] logs, double archive, Func<double, double> likelihood)
    {
        Span<double> own = stackalloc double[logs.Length];
        var most = double.NegativeInfinity;
        for (var at = 0; at < own.Length; at++)
        {
            if (!double.IsFinite(own[at] = likelihood(WidthAt(at, archive))))
                return;
            most = Math.Max(most, own[at]);
        }
        for (var at = 0; at < own.Length; at++)
            logs[at] += Math.Log((1 - Strange) * Math.Exp(own[at] - most) + Strange);
    }

    private static double WidthAt(int at, double archive) => archive * Math.Pow(Step, at - Steps);

    private static double Best(double[] logs, double archive)
    {
        var best = Steps;
        for (var at = 0; at < logs.Length; at++)
        {
            if (logs[at] > logs[best])
                best = at;
        }
        return WidthAt(best, archive);
    }

    private static double OfSquares(double known, double squares, double variance) => -0.5 * (known * Math.Log(variance) + squares / variance);

    private static double OfModules(SegmentSummary campaign, double width)
    {
        var log = 0.0;
        for (var slot = 0; slot < campaign.Effects.Length; slot++)
        {
            var (precision, sum, squares, determinant) = (0.0, 0.0, 0.0, 0.0);
            for (var module = 0; module < campaign.Effects[slot].Length; module++)
            {
                if (campaign.Precisions[slot][module] < LeastPrecision)
                    continue;
                var (effect, variance) = (campaign.Effects[slot][module], width + 1 / campaign.Precisions[slot][module]);
                precision += 1 / variance;
                sum += effect / variance;
                squares += effect * effect / variance;
                determinant += Math.Log(variance);
            }
            if (precision > 0)
                log -= 0.5 * (determinant + Math.Log(precision) + squares - sum * sum / precision);
        }
        return log;
    }
}
