namespace Flywheel.Cli.Simulate;

/// <summary>Means; headroom over what has any, null where nothing does.</summary>
internal sealed record MeanReport(double? HeadroomCaptured, double FinalRateOverBest)
{
    public static MeanReport Of(IEnumerable<MeanReport> parts)
    {
        var all = parts.ToList();
        return new MeanReport(all.Average(part => part.HeadroomCaptured), all.Average(part => part.FinalRateOverBest));
    }
}
