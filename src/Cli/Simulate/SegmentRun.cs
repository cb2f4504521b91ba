using System.Collections.Immutable;
using Flywheel.Decisions;
using Flywheel.Domain.Campaigns;
using Flywheel.Domain.Experiments;
using Flywheel.Domain.Learning;
using Flywheel.Domain.Learning.Evidence;

namespace Flywheel.Cli.Simulate;

/// <summary>A segment while a run goes on: its phase, its policy and its evidence.</summary>
internal sealed class SegmentRun(WorldSegment segment, ImmutableArray<ImmutableArray<ulong>> keys)
{
    private const double MsPerSecond = 1_000;

    private readonly EvidenceTable _evidence = new();
    private readonly ulong[] _served = new ulong[keys.Length];
    private readonly WinnerTest? _winner = segment.Phases[0].Rates.Length is >= 2 and <= WinnerTest.MaxArms ? new(segment.Phases[0].Rates.Length) : null;
    private int _phase;
    private long _version;
    private GroupTally _counted;
    private GroupTally _fitted;

    public string Id => segment.Id;

    public double Share => segment.Share;

    public WorldPhase Phase => segment.Phases[_phase];

    public FitMemo Memo { get; } = new();

    public SegmentFit Fit { get; private set; } = null!;

    /// <summary>The probability of each combination under the fit; null until someone asks.</summary>
    public double[]? Shares { get; set; }

    /// <summary>Virtual time of the last fit, in seconds.</summary>
    public double FittedAt { get; private set; }

    /// <summary>The combination that has won, and when; null where none has.</summary>
    public (int Combination, int AtImpression)? Declared { get; private set; }

    public bool IsStale => RefitRule.IsDue(_fitted, _counted);

    public void Advance(int impression)
    {
        while (_phase + 1 < segment.Phases.Length && segment.Phases[_phase + 1].From <= impression)
            _phase++;
    }

    public void Refitted(SegmentFit fit, double now) => (Fit, FittedAt, _fitted, Shares) = (fit, now, _counted, null);

    public void CountImpression(ulong combination, double now) => Count(combination, 1, 0, now, now);

    /// <param name="arm">The combination's place among all.</param>
    /// <param name="shares">The probability of each combination when it was served.</param>
    public void CountReward(ulong combination, int arm, double[] shares, double decidedAt, double now)
    {
        _winner?.Observe(shares, arm, 1);
        Count(combination, 0, Rewards.Micro, decidedAt, now);
    }

    /// <summary>Looks whether a combination has won: what a user would be told after a refit.</summary>
    public void Look(int impression)
    {
        if (Declared is null && _winner?.Winner is { } arm)
            Declared = (arm, impression);
    }

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
