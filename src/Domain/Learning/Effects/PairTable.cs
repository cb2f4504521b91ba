namespace Flywheel.Domain.Learning.Effects;

/// <summary>Impressions and rewards of every pair of modules now in force, over all time.</summary>
internal sealed class PairTable
{
    private const double Tolerance = 0.01;

    private readonly int[] _offsets;
    private readonly int[] _sizes;

    public PairTable(Exposure exposure, long capMicros)
    {
        var slots = exposure.Places.Length;
        _sizes = [.. exposure.Places.Select(places => places.Length)];
        _offsets = new int[slots * slots];
        for (var first = 0; first < slots; first++)
        {
            for (var second = first + 1; second < slots; second++)
            {
                _offsets[first * slots + second] = Count;
                Count += _sizes[first] * _sizes[second];
            }
        }
        (Served, Impressions, Rewards) = (new double[Count], new double[Count], new double[Count]);
        Gather(exposure, capMicros);
    }

    /// <summary>Pairs of modules of different slots.</summary>
    public int Count { get; }

    /// <summary>By pair, as far as they have matured; see <see cref="At"/>.</summary>
    public double[] Impressions { get; }

    /// <summary>By pair.</summary>
    private double[] Served { get; }

    /// <summary>By pair, in units.</summary>
    public double[] Rewards { get; }

    /// <summary>Modules of a slot.</summary>
    public int SizeOf(int slot) => _sizes[slot];

    public int Slots => _sizes.Length;

    /// <summary>The place of a pair; <paramref name="slotA"/> is the earlier slot.</summary>
    public int At(int slotA, int moduleA, int slotB, int moduleB) => _offsets[slotA * Slots + slotB] + moduleA * _sizes[slotB] + moduleB;

    /// <summary>
    /// True where all that was served was of modules now in force: otherwise pairs of different slots do not add up to the same.
    /// </summary>
    public bool IsWhole(Exposure exposure)
    {
        var all = exposure.Impressions.Sum();
        for (var first = 0; first < Slots; first++)
        {
            for (var second = first + 1; second < Slots; second++)
            {
                var sum = Served.AsSpan(At(first, 0, second, 0), _sizes[first] * _sizes[second]).ToArray().Sum();
                if (Math.Abs(sum - all) > Tolerance * all)
                    return false;
            }
        }
        return true;
    }

    private void Gather(Exposure exposure, long capMicros)
    {
        var slotOf = new Dictionary<int, (int Slot, int Module)>();
        for (var slot = 0; slot < Slots; slot++)
        {
            for (var i = 0; i < _sizes[slot]; i++)
            {
                if (exposure.Places[slot][i] >= 0)
                    slotOf[exposure.Places[slot][i]] = (slot, i);
            }
        }
        foreach (var pair in exposure.Evidence.Pairs)
        {
            if (!slotOf.TryGetValue(pair.First, out var a) || !slotOf.TryGetValue(pair.Second, out var b) || a.Slot == b.Slot)
                continue;
            var at = a.Slot < b.Slot ? At(a.Slot, a.Module, b.Slot, b.Module) : At(b.Slot, b.Module, a.Slot, a.Module);
            // Rewards may come before their impression.
            var served = Math.Max(pair.Impressions, pair.RewardMicros / (double)capMicros);
            Served[at] += served;
            Impressions[at] += served * Math.Sqrt(exposure.MaturityOf(a.Slot, a.Module) * exposure.MaturityOf(b.Slot, b.Module));
            Rewards[at] += pair.RewardMicros / exposure.UnitMicros;
        }
    }
}
