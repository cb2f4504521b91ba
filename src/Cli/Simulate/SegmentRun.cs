using System.Collections.Immutable;
using Flywheel.Domain.Decisions;
using Flywheel.Domain.Learning;

namespace Flywheel.Cli.Simulate;

/// <summary>A segment while a run goes on: its phase, its policy and its counts.</summary>
internal sealed class SegmentRun(WorldSegment segment, ImmutableArray<ImmutableArray<ulong>> keys, SegmentPolicy policy)
{
    private const long RewardMicros = 1_000_000;

    private readonly (long Impressions, long Rewards)[][][] _modules =
        [.. Enum.GetValues<Group>().Select(_ => keys.Select(slot => new (long, long)[slot.Length]).ToArray())];
    private readonly (long Impressions, long Rewards)[] _totals = new (long, long)[2];
    private int _phase;
    private long _version;
    private long _fittedVersion;

    public string Id => segment.Id;

    public double Share => segment.Share;

    public WorldPhase Phase => segment.Phases[_phase];

    public SegmentPolicy Policy { get; private set; } = policy;

    /// <summary>Virtual time of the last fit, in seconds.</summary>
    public double FittedAt { get; private set; }

    public bool IsStale => _version > _fittedVersion;

    public void Advance(int impression)
    {
        while (_phase + 1 < segment.Phases.Length && segment.Phases[_phase + 1].From <= impression)
            _phase++;
    }

    public void Refitted(SegmentPolicy policy, double now) => (Policy, FittedAt, _fittedVersion) = (policy, now, _version);

    public void CountImpression(ulong combination, Group group)
    {
        _version++;
        _totals[(int)group].Impressions++;
        for (var slot = 0; slot < keys.Length; slot++)
            _modules[(int)group][slot][Combination.ModuleAt(combination, slot)].Impressions++;
    }

    public void CountReward(ulong combination, Group group)
    {
        _version++;
        _totals[(int)group].Rewards++;
        for (var slot = 0; slot < keys.Length; slot++)
            _modules[(int)group][slot][Combination.ModuleAt(combination, slot)].Rewards++;
    }

    public SegmentCounts Counts()
    {
        var modules = ImmutableArray.CreateBuilder<ModuleTally>();
        for (var group = 0; group < _modules.Length; group++)
        {
            for (var slot = 0; slot < keys.Length; slot++)
            {
                for (var i = 0; i < keys[slot].Length; i++)
                    modules.Add(new ModuleTally(keys[slot][i], (TallySource)group, _modules[group][slot][i].Impressions, _modules[group][slot][i].Rewards * RewardMicros));
            }
        }
        return new SegmentCounts(_version, default, [new ChannelTally("", Total(Group.Learned), Total(Group.Control), default, modules.ToImmutable())]);
    }

    private GroupTally Total(Group group) =>
        new(_totals[(int)group].Impressions, _totals[(int)group].Impressions, _totals[(int)group].Rewards * RewardMicros);
}
