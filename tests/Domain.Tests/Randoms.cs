using System.Runtime.InteropServices;

namespace Flywheel.Domain.Tests;

/// <summary>Seeded random numbers.</summary>
internal static class Randoms
{
    /// <summary>A few units whose variants are pinned.</summary>
    public static readonly ulong[] Units = Bits(seed: 42, 24);

    /// <summary>Uniformly distributed 64-bit numbers.</summary>
    public static ulong[] Bits(int seed, int count)
    {
        var bits = new ulong[count];
        new Random(seed).NextBytes(MemoryMarshal.AsBytes(bits.AsSpan()));
        return bits;
    }

    /// <summary>Successes in so many trials of this rate.</summary>
    public static long Binomial(this Random random, int trials, double rate) => MathNet.Numerics.Distributions.Binomial.Sample(random, rate, trials);
}
