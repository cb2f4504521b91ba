namespace Flywheel.Decisions;

/// <summary>Arithmetic of counts that stops at the largest value rather than turning negative: 0 or more in, 0 or more out.</summary>
public static class Saturating
{
    public static long Add(long a, long b) => a > long.MaxValue - b ? long.MaxValue : a + b;

    public static long Multiply(long a, long b) => (long)Int128.Min((Int128)a * b, long.MaxValue);
}
