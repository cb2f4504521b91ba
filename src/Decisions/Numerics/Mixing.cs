using System.IO.Hashing;
using System.Text;

namespace Flywheel.Decisions;

/// <summary>Stable 64-bit hashing: the same input gives the same value in every process and on every machine.</summary>
public static class Mixing
{
    /// <summary>The finaliser of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014): a bijection that spreads every input bit over the output.</summary>
    public static ulong Spread(ulong value)
    {
        value += 0x9E3779B97F4A7C15;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }

    /// <summary>The top 53 bits as a number in [0, 1).</summary>
    public static double ToUnit(ulong value) => (value >> 11) * (1.0 / (1UL << 53));

    /// <summary>XXH3 of the UTF-8 bytes of <paramref name="text"/>.</summary>
    public static ulong Of(ReadOnlySpan<char> text, ulong seed = 0)
    {
        Span<byte> utf8 = text.Length <= 256 ? stackalloc byte[text.Length * 3] : new byte[text.Length * 3];
        var written = Encoding.UTF8.GetBytes(text, utf8);
        return Of(utf8[..written], seed);
    }

    /// <summary>XXH3 of <paramref name="bytes"/>.</summary>
    public static ulong Of(ReadOnlySpan<byte> bytes, ulong seed = 0) => XxHash3.HashToUInt64(bytes, (long)seed);
}
