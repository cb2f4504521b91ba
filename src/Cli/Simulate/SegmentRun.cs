using System.Collections.Immutable;
using Flywheel.Domain.Campaigns;
using Flywheel.Domain.Decisions;
using Flywheel.Domain.Learning;
using Flywheel.Domain.Learning.Evidence;

namespace Flywheel.Cli.Simulate;

/// <summary>A segment while a run goes on: its phase, its policy and its evidence.</summary>
internal sealed class SegmentRun(WorldSegment segment, ImmutableArray<ImmutableArray<ulong>> keys)
{
    private const double MsPerSecond = 1_000;

    private readonly EvidenceTable _evidence = new();
    private readonly ulong[] _served = new ulong[keys.Length];
    private int _phase;
    private long _version;
    private GroupTally _counted;
    private GroupTally _fitted;

    public string Id => segment.Id;

    public double Share => segment.Share;

    public WorldPhase Phase => segment.Phases[_phase];

    public SegmentFit Fit { get; private set; } = null!;

    /// <summary>Virtual time of the last fit, in seconds.</summary>
    public double FittedAt { get; private set; }

    public bool IsStale => RefitRule.IsDue(_fitted, _counted);

    public void Advance(int impression)
    {
        while (_phase + 1 < segment.Phases.Length && segment.Phases[_phase + 1].From <= impression)
            _phase++;
    }

    public void Refitted(SegmentFit fit, double now) => (Fit, FittedAt, _fitted) = (fit, now, _counted);

    public void CountImpression(ulong combination, double now) => Count(combination, 1, 0, now, now);

    public void CountReward(ulong combination, double decidedAt, double now) => Count(combination, 0, Rewards.Micro, decidedAt, now);

    public SegmentCounts Counts() => new(_version, default, []) { Evidence = _evidence.ToEvidence() };

    private void Count(ulong combination, long impressions, long rewardMicros, double decidedAt, double now)
    {
        _version++;
        _counted += new GroupTally(0, impressions, rewardMicros);
        for (var slot = 0; slot < keys.Length; slot++)
            _served[slot] = keys[slot][Combination.ModuleAt(combination, slot)];
        _evidence.Add(_served, impressions, rewardMicros, (long)(decidedAt * MsPerSecond), (long)(now * MsPerSecond));
    }
}
