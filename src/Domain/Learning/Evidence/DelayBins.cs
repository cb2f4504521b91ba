namespace Flywheel.Domain.Learning.Evidence;

/// <summary>Bins of delays: each √2 times as long as the one before, the first up to a quarter of a second, the last without end.</summary>
public static class DelayBins
{
    public const int Count = 56;

    private const double FirstMs = 250;

    /// <summary>The bin that a delay falls into, 0 to <see cref="Count"/> − 1.</summary>
    public static int Of(double delayMs) =>
        delayMs <= FirstMs ? 0 : Math.Min(Count - 1, (int)Math.Ceiling(2 * Math.Log2(delayMs / FirstMs)));

    /// <summary>The longest delay of a bin, in milliseconds.</summary>
    public static double UpperMs(int bin) => FirstMs * Math.Pow(2, bin / 2.0);

    /// <summary>The delays of a bin are longer than this, in milliseconds.</summary>
    public static double LowerMs(int bin) => bin == 0 ? 0 : UpperMs(bin - 1);
}
