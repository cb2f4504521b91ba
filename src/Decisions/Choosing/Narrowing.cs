using System.Collections.Immutable;

namespace Flywheel.Decisions;

/// <summary>
/// Some of the modules of each slot: those that fit the place of one request. Chooses among their combinations as a policy does among all, and
/// knows the exact propensity of what it chooses. Immutable; safe to call from any thread.
/// </summary>
/// <remarks>
/// The group is drawn first, as for every request, so that the groups keep their sizes whatever fits. With K combinations that fit and T of the F
/// table entries that fit, P = control/K + (1 − control)(floor/K + (1 − floor) T/F), whatever branch was taken; where no entry fits, P = 1/K. Where
/// the policy's own choice fits it stands, so a unit keeps its variant; else it is drawn again among what fits, which is the same as drawing among
/// that alone.
/// </remarks>
public sealed class Narrowing
{
    private const ulong AgainSalt = 0x616761696E;

    private readonly ImmutableArray<ImmutableArray<int>> _modules;
    private readonly bool[][] _fits;
    private readonly double _combinations;

    /// <param name="modulesPerSlot">How many modules each slot has, as the policies that it is used with know it.</param>
    /// <param name="modules">The places of those that fit, in rising order; one or more a slot.</param>
    /// <exception cref="ArgumentException">A slot has none.</exception>
    public Narrowing(ImmutableArray<int> modulesPerSlot, ImmutableArray<ImmutableArray<int>> modules)
    {
        if (modules.Length != modulesPerSlot.Length || modules.Any(slot => slot.IsEmpty))
            throw new ArgumentException($"There are {modulesPerSlot.Length} slots, and one module or more in each; came {string.Join(", ", modules.Select(slot => slot.Length))}.", nameof(modules));
        _modules = modules;
        _combinations = modules.Aggregate(1.0, (product, slot) => product * slot.Length);
        _fits = [.. modulesPerSlot.Select((many, slot) => Enumerable.Range(0, many).Select(module => modules[slot].Contains(module)).ToArray())];
    }

    /// <summary>Whether each of a combination's modules fits.</summary>
    public bool Fits(ulong combination)
    {
        for (var slot = 0; slot < _fits.Length; slot++)
        {
            if (!_fits[slot][Combination.ModuleAt(combination, slot)])
                return false;
        }
        return true;
    }

    /// <summary>Chooses for a request, as <see cref="SegmentPolicy.Choose"/> does.</summary>
    /// <param name="random">64 uniformly distributed bits: drawn, or the hash of a unit.</param>
    public Choice Choose(SegmentPolicy policy, ulong random)
    {
        var group = policy.GroupOf(random);
        var fitting = FittingEntriesOf(policy);
        var combination = group == Group.Control || fitting == 0 || policy.IsUniform(random) ? UniformCombination(policy, random) : FromTable(policy, random, fitting);
        return new Choice(combination, group, Propensity(policy, combination, fitting));
    }

    /// <summary>The exact probability with which a combination is served, (0, 1]; 0 where it does not fit, or nothing would serve it.</summary>
    public double PropensityOf(SegmentPolicy policy, ulong combination) => Fits(combination) ? Propensity(policy, combination, FittingEntriesOf(policy)) : 0;

    private double Propensity(SegmentPolicy policy, ulong combination, int fitting)
    {
        if (fitting == 0)
            return 1 / _combinations;
        var same = 0;
        for (var entry = 0; entry < policy.EntryCount; entry++)
            same += policy.Combinations[policy.PlaceOf(entry)] == combination ? 1 : 0;
        return (policy.Control + (1 - policy.Control) * policy.Floor) / _combinations + (1 - policy.Control) * (1 - policy.Floor) * same / fitting;
    }

    private ulong FromTable(SegmentPolicy policy, ulong random, int fitting)
    {
        var own = policy.TableCombination(random);
        if (Fits(own))
            return own;
        var left = (int)Math.BigMul(Mixing.Spread(random ^ AgainSalt), (ulong)fitting, out _);
        for (var entry = 0; ; entry++)
        {
            var combination = policy.Combinations[policy.PlaceOf(entry)];
            if (Fits(combination) && left-- == 0)
                return combination;
        }
    }

    private ulong UniformCombination(SegmentPolicy policy, ulong random)
    {
        var combination = policy.UniformCombination(random);
        for (var slot = 0; slot < _modules.Length; slot++)
        {
            if (!_fits[slot][Combination.ModuleAt(combination, slot)])
                combination = Combination.Replace(combination, slot, _modules[slot][(int)Math.BigMul(Mixing.Spread(random ^ AgainSalt ^ ((ulong)(slot + 1) << 48)), (ulong)_modules[slot].Length, out _)]);
        }
        return combination;
    }

    private int FittingEntriesOf(SegmentPolicy policy)
    {
        var fitting = 0;
        for (var entry = 0; entry < policy.EntryCount; entry++)
            fitting += Fits(policy.Combinations[policy.PlaceOf(entry)]) ? 1 : 0;
        return fitting;
    }
}
