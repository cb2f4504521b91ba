using System.Collections.Immutable;

namespace Flywheel.Benchmarks.Learning.Audience;

/// <summary>How many modules each slot has. Its combinations are numbered with the last slot's module running fastest, as a world's rates are.</summary>
internal sealed record Layout(ImmutableArray<int> Slots)
{
    /// <summary>Modules of all slots, numbered slot by slot.</summary>
    public int Arms { get; } = Slots.Sum();

    public int Combinations { get; } = Slots.Aggregate(1, (product, modules) => product * modules);

    /// <summary>The same combinations as the modules of a single slot.</summary>
    public Layout Flat => new([Combinations]);

    /// <summary>The number of the combination with <paramref name="arms"/>, one a slot.</summary>
    public int CombinationOf(ReadOnlySpan<int> arms)
    {
        var (combination, first) = (0, 0);
        for (var slot = 0; slot < Slots.Length; slot++)
        {
            combination = combination * Slots[slot] + arms[slot] - first;
            first += Slots[slot];
        }
        return combination;
    }

    /// <summary>Writes the arm of each slot.</summary>
    public void ArmsOf(int combination, Span<int> arms)
    {
        var first = Arms;
        for (var slot = Slots.Length - 1; slot >= 0; slot--)
        {
            first -= Slots[slot];
            arms[slot] = first + combination % Slots[slot];
            combination /= Slots[slot];
        }
    }
}
