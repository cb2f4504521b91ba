using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Flywheel.Decisions;

/// <summary>
/// How one segment is served: a table of drawn combinations, with the control group and the exploration floor mixed in.
/// Immutable. Choosing is a constant number of hashes and one look-up, and allocates nothing.
/// </summary>
/// <remarks>
/// A request falls into the control group with probability <see cref="Control"/> and is then served uniformly. Otherwise it
/// is served uniformly with probability <see cref="Floor"/>, and from the table with the rest. So with K combinations and T of
/// M table entries, P = control/K + (1 − control)(floor/K + (1 − floor) T/M), whatever branch was taken.
/// </remarks>
[JsonConverter(typeof(SegmentPolicyConverter))]
public sealed class SegmentPolicy
{
    /// <summary>Entries of a fitted table: shares come in steps of 1/4,096.</summary>
    public const int Entries = 4_096;

    /// <summary>Combinations below this are modules of the first slot, and of a campaign with one slot all are.</summary>
    private const int ModulesOfOneSlot = 256;

    private const ulong GroupSalt = 0x67726F7570;
    private const ulong FloorSalt = 0x666C6F6F72;
    private const ulong EntrySalt = 0x656E747279;
    private const ulong UniformSalt = 0x756E69666F;

    private readonly ImmutableArray<int> _modulesPerSlot;
    private readonly ulong[] _combinations;
    private readonly double[] _propensities;

    /// <summary>The place of each entry's combination, in a byte where that holds it: most of a policy's memory is this. The other is empty.</summary>
    private readonly byte[] _entries;
    private readonly ushort[] _wideEntries;
    private readonly double _uniformPropensity;

    /// <param name="version">Rises with every refit that saw something new.</param>
    /// <param name="modulesPerSlot">1 to 256 a slot, 1 to 8 slots.</param>
    /// <param name="draws">The drawn combinations, one an entry; 1 to 65,536.</param>
    /// <param name="control">Share of the control group, 0 to 1.</param>
    /// <param name="minPropensity">The least probability of any combination, 0 to 1 ÷ combinations.</param>
    /// <param name="isFallback">True where this stands in for a policy that is not there.</param>
    public SegmentPolicy(long version, ImmutableArray<int> modulesPerSlot, ReadOnlySpan<ulong> draws, double control, double minPropensity, bool isFallback = false)
        : this(version, modulesPerSlot, Tabulate(draws), control, minPropensity, isFallback)
    {
    }

    private SegmentPolicy(long version, ImmutableArray<int> modulesPerSlot, (ulong[] Combinations, ushort[] Places) table, double control, double minPropensity, bool isFallback)
    {
        Version = version;
        Control = control;
        MinPropensity = minPropensity;
        IsFallback = isFallback;
        _modulesPerSlot = modulesPerSlot;
        var combinations = modulesPerSlot.Aggregate(1.0, (product, modules) => product * modules);
        Floor = FloorOf(combinations, control, minPropensity);
        _uniformPropensity = (control + (1 - control) * Floor) / combinations;
        (_combinations, var places) = table;
        EntryCount = places.Length;
        var isWide = _combinations.Length > byte.MaxValue + 1;
        _entries = isWide ? [] : Array.ConvertAll(places, place => (byte)place);
        _wideEntries = isWide ? places : [];
        _propensities = new double[_combinations.Length];
        foreach (var place in places)
            _propensities[place]++;
        for (var i = 0; i < _propensities.Length; i++)
            _propensities[i] = _uniformPropensity + (1 - control) * (1 - Floor) * _propensities[i] / places.Length;
    }

    /// <summary>A policy from its table, as <see cref="Combinations"/> and <see cref="PlaceOf"/> give it; nothing is sorted or searched.</summary>
    /// <param name="version">See the constructor; so are the others.</param>
    /// <param name="combinations">Distinct, in rising order.</param>
    /// <param name="places">The place of each entry's combination; 1 to 65,536 entries.</param>
    /// <exception cref="ArgumentException">The table is none.</exception>
    public static SegmentPolicy FromTable(long version, ImmutableArray<int> modulesPerSlot, ulong[] combinations, ushort[] places, double control, double minPropensity, bool isFallback)
    {
        if (places.Length is 0 or > ushort.MaxValue + 1)
            throw new ArgumentException($"A table has 1 to 65,536 entries, came {places.Length}.", nameof(places));
        for (var i = 1; i < combinations.Length; i++)
        {
            if (combinations[i] <= combinations[i - 1])
                throw new ArgumentException($"Combinations are distinct and in rising order; {combinations[i]} comes after {combinations[i - 1]}.", nameof(combinations));
        }
        foreach (var place in places)
        {
            if (place >= combinations.Length)
                throw new ArgumentException($"There is no combination {place}; there are {combinations.Length}.", nameof(places));
        }
        return new SegmentPolicy(version, modulesPerSlot, (combinations, places), control, minPropensity, isFallback);
    }

    public long Version { get; }

    /// <summary>Share of requests in the control group, 0 to 1.</summary>
    public double Control { get; }

    /// <summary>The least probability of any combination.</summary>
    public double MinPropensity { get; }

    /// <summary>Modules of each slot.</summary>
    public ImmutableArray<int> ModulesPerSlot => _modulesPerSlot;

    /// <summary>Share of the other requests that is served uniformly, so that no combination falls below the campaign's least propensity.</summary>
    public double Floor { get; }

    /// <summary>True where this stands in for a policy that is not there.</summary>
    public bool IsFallback { get; }

    /// <summary>Distinct combinations in the table.</summary>
    public int DistinctCombinations => _combinations.Length;

    /// <summary>Share of all requests that any policy of such a campaign serves uniformly, 0 to 1: the control group and the floor.</summary>
    public static double UniformShareOf(ImmutableArray<int> modulesPerSlot, double control, double minPropensity) =>
        control + (1 - control) * FloorOf(modulesPerSlot.Aggregate(1.0, (product, modules) => product * modules), control, minPropensity);

    /// <summary>The uniform policy over all combinations, standing in for one of this version that is not there.</summary>
    public static SegmentPolicy Uniform(ImmutableArray<int> modulesPerSlot, double control, long version = 0) =>
        new(version, modulesPerSlot, [0UL], control, 1 / modulesPerSlot.Aggregate(1.0, (product, modules) => product * modules), isFallback: true);

    /// <summary>
    /// Chooses for a request. The same <paramref name="random"/> always falls into the same group and the same table entry,
    /// so a unit keeps its variant for as long as its entry does.
    /// </summary>
    /// <param name="random">64 uniformly distributed bits: drawn, or the hash of a unit.</param>
    public Choice Choose(ulong random)
    {
        if (GroupOf(random) == Group.Control)
            return ChooseUniformly(random, Group.Control);
        if (IsUniform(random))
            return ChooseUniformly(random, Group.Learned);
        var place = PlaceFor(random);
        return new Choice(_combinations[place], Group.Learned, _propensities[place]);
    }

    /// <summary>The group that a request falls into.</summary>
    internal Group GroupOf(ulong random) => Mixing.ToUnit(Mixing.Spread(random ^ GroupSalt)) < Control ? Group.Control : Group.Learned;

    /// <summary>Whether a request of the learned group is served uniformly.</summary>
    internal bool IsUniform(ulong random) => Floor > 0 && Mixing.ToUnit(Mixing.Spread(random ^ FloorSalt)) < Floor;

    /// <summary>What the table serves a request.</summary>
    internal ulong TableCombination(ulong random) => _combinations[PlaceFor(random)];

    /// <summary>The exact probability with which a combination is served, (0, 1]; 0 where nothing would serve it.</summary>
    public double PropensityOf(ulong combination)
    {
        var index = Array.BinarySearch(_combinations, combination);
        return index >= 0 ? _propensities[index] : _uniformPropensity;
    }

    /// <summary>The share of all requests that each module of a slot gets; sums to 1.</summary>
    public double[] SharesOf(int slot)
    {
        var shares = new double[_modulesPerSlot[slot]];
        var uniform = (Control + (1 - Control) * Floor) / shares.Length;
        Array.Fill(shares, uniform);
        for (var i = 0; i < _combinations.Length; i++)
            shares[Combination.ModuleAt(_combinations[i], slot)] += _propensities[i] - _uniformPropensity;
        return shares;
    }

    /// <summary>The distinct combinations of the table, in rising order.</summary>
    public ReadOnlySpan<ulong> Combinations => _combinations;

    /// <summary>Entries of the table.</summary>
    public int EntryCount { get; }

    /// <summary>The place of an entry's combination in <see cref="Combinations"/>.</summary>
    public int PlaceOf(int entry) => _entries.Length > 0 ? _entries[entry] : _wideEntries[entry];

    /// <summary>The combination of each entry of the table.</summary>
    public ulong[] Draws()
    {
        var draws = new ulong[EntryCount];
        for (var entry = 0; entry < draws.Length; entry++)
            draws[entry] = _combinations[PlaceOf(entry)];
        return draws;
    }

    private static double FloorOf(double combinations, double control, double minPropensity) =>
        control >= 1 ? 0 : Math.Clamp((minPropensity * combinations - control) / (1 - control), 0, 1);

    private Choice ChooseUniformly(ulong random, Group group)
    {
        var combination = UniformCombination(random);
        return new Choice(combination, group, PropensityOf(combination));
    }

    /// <summary>What the uniform policy serves a request.</summary>
    internal ulong UniformCombination(ulong random)
    {
        ulong combination = 0;
        for (var slot = 0; slot < _modulesPerSlot.Length; slot++)
        {
            var draw = Mixing.Spread(random ^ UniformSalt ^ ((ulong)(slot + 1) << 48));
            combination = Combination.With(combination, slot, (int)Math.BigMul(draw, (ulong)_modulesPerSlot[slot], out _));
        }
        return combination;
    }

    private int PlaceFor(ulong random) => PlaceOf((int)Math.BigMul(Mixing.Spread(random ^ EntrySalt), (ulong)EntryCount, out _));

    /// <summary>The distinct draws in rising order.</summary>
    private static ulong[] Distinct(ReadOnlySpan<ulong> draws)
    {
        var rented = ArrayPool<ulong>.Shared.Rent(draws.Length);
        var sorted = rented.AsSpan(0, draws.Length);
        draws.CopyTo(sorted);
        sorted.Sort();
        var distinct = 1;
        for (var i = 1; i < sorted.Length; i++)
        {
            if (sorted[i] != sorted[i - 1])
                sorted[distinct++] = sorted[i];
        }
        var combinations = sorted[..distinct].ToArray();
        ArrayPool<ulong>.Shared.Return(rented);
        return combinations;
    }

    private static (ulong[] Combinations, ushort[] Places) Tabulate(ReadOnlySpan<ulong> draws)
    {
        if (draws.Length is 0 or > ushort.MaxValue + 1)
            throw new ArgumentException($"A table has 1 to 65,536 entries, came {draws.Length}.", nameof(draws));
        var combinations = Distinct(draws);
        var entries = new ushort[draws.Length];
        Span<ushort> places = stackalloc ushort[ModulesOfOneSlot];
        for (var i = 0; i < combinations.Length && combinations[i] < ModulesOfOneSlot; i++)
            places[(int)combinations[i]] = (ushort)i;
        for (var i = 0; i < draws.Length; i++)
            entries[i] = draws[i] < ModulesOfOneSlot ? places[(int)draws[i]] : (ushort)Array.BinarySearch(combinations, draws[i]);
        return (combinations, entries);
    }
}
