using System.Collections.Immutable;
using Flywheel.Decisions;

namespace Flywheel.Domain.Learning;

/// <summary>Bounds the share of modules on trial in a table of draws.</summary>
internal static class ShareCap
{
    /// <summary>Bounds every slot.</summary>
    /// <param name="draws">The table.</param>
    /// <param name="maxShares">The most of all requests that each module may take, by slot; default where none is bounded.</param>
    /// <param name="uniform">Share of all requests that is served uniformly, whatever the table says.</param>
    public static void Apply(Span<ulong> draws, ImmutableArray<ImmutableArray<double>> maxShares, double uniform)
    {
        for (var slot = 0; !maxShares.IsDefault && slot < maxShares.Length; slot++)
        {
            if (maxShares[slot].Any(share => share < 1))
                Apply(draws, slot, maxShares[slot].AsSpan(), uniform);
        }
    }

    /// <summary>
    /// Gives entries beyond a module's bound to the module of its slot that has most and is not on trial; the last ones, so that those that
    /// stay do so from fit to fit.
    /// </summary>
    /// <param name="draws">The table.</param>
    /// <param name="slot">The slot.</param>
    /// <param name="maxShares">The most of all requests that each module of the slot may take, 0 to 1.</param>
    /// <param name="uniform">Share of all requests that is served uniformly, whatever the table says.</param>
    public static void Apply(Span<ulong> draws, int slot, ReadOnlySpan<double> maxShares, double uniform)
    {
        Span<int> entries = stackalloc int[maxShares.Length];
        foreach (var draw in draws)
            entries[Combination.ModuleAt(draw, slot)]++;
        if (Incumbent(entries, maxShares) is not { } incumbent)
            return;
        for (var module = 0; module < maxShares.Length; module++)
        {
            if (maxShares[module] >= 1)
                continue;
            var most = uniform >= 1 ? 0 : (int)(draws.Length * Math.Clamp((maxShares[module] - uniform / maxShares.Length) / (1 - uniform), 0, 1));
            for (var entry = draws.Length - 1; entry >= 0 && entries[module] > most; entry--)
            {
                if (Combination.ModuleAt(draws[entry], slot) != module)
                    continue;
                draws[entry] = Combination.Replace(draws[entry], slot, incumbent);
                entries[module]--;
            }
        }
    }

    private static int? Incumbent(ReadOnlySpan<int> entries, ReadOnlySpan<double> maxShares)
    {
        int? most = null;
        for (var module = 0; module < entries.Length; module++)
        {
            if (maxShares[module] >= 1 && (most is not { } best || entries[module] > entries[best]))
                most = module;
        }
        return most;
    }
}
