using System.Numerics;
using System.Runtime.InteropServices;
using Flywheel.Decisions;
using Flywheel.Domain.Numerics;

namespace Flywheel.Domain.Learning.Effects;

/// <summary>
/// Standard normal numbers that never change: each module and each pair reads its own stretch of one bank, so that from fit to
/// fit an entry of the table moves only when its winner does.
/// </summary>
internal static class Drawing
{
    private const int Offsets = 1 << 16;

    private static readonly float[] Bank = BuildBank(Offsets + SegmentPolicy.Entries);

    /// <summary>One number for each entry of a table.</summary>
    public static ReadOnlySpan<float> Of(ulong key, ulong seed) => Bank.AsSpan(OffsetOf(key, seed), SegmentPolicy.Entries);

    /// <summary>Where the stretch of a key begins.</summary>
    public static int OffsetOf(ulong key, ulong seed) => (int)(Mixing.Spread(key ^ seed) >> 48);

    /// <summary>Likewise of a pair of modules.</summary>
    public static int OffsetOfPair(ulong first, ulong second, ulong seed) => OffsetOf(Mixing.Spread(first) ^ second, seed);

    /// <summary>The numbers from a place on.</summary>
    public static ReadOnlySpan<float> From(int at) => Bank.AsSpan(at);

    /// <summary>One entry's number of the stretch that begins there.</summary>
    public static float Number(int offset, int entry) => Bank[offset + entry];

    /// <summary>The best of one slot's modules for each entry: the largest mean + sd × its number.</summary>
    public static void Best(ReadOnlySpan<float> means, ReadOnlySpan<float> sds, ReadOnlySpan<ulong> modules, ulong seed, Span<float> best, Span<int> winner)
    {
        best.Fill(float.NegativeInfinity);
        for (var module = 0; module < means.Length; module++)
        {
            var numbers = MemoryMarshal.Cast<float, Vector<float>>(Of(modules[module], seed)[..best.Length]);
            var bests = MemoryMarshal.Cast<float, Vector<float>>(best);
            var winners = MemoryMarshal.Cast<int, Vector<int>>(winner);
            var (mean, sd, index) = (new Vector<float>(means[module]), new Vector<float>(sds[module]), new Vector<int>(module));
            for (var i = 0; i < numbers.Length; i++)
            {
                var drawn = mean + sd * numbers[i];
                var better = Vector.GreaterThan(drawn, bests[i]);
                bests[i] = Vector.ConditionalSelect(better, drawn, bests[i]);
                winners[i] = Vector.ConditionalSelect(better, index, winners[i]);
            }
            var tail = Of(modules[module], seed)[..best.Length];
            for (var i = numbers.Length * Vector<float>.Count; i < best.Length; i++)
            {
                var drawn = means[module] + sds[module] * tail[i];
                if (drawn > best[i])
                    (best[i], winner[i]) = (drawn, module);
            }
        }
    }

    private static float[] BuildBank(int length)
    {
        var bank = new float[length];
        for (var i = 0; i < length; i++)
            bank[i] = SpecialFunctions.NormalFrom(Mixing.Spread((ulong)i * 0x9E3779B97F4A7C15));
        return bank;
    }
}
