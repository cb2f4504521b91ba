using Flywheel.Decisions;


namespace Flywheel.Domain.Learning;

/// <summary>Exact totals of one group.</summary>
/// <param name="Decisions">Decisions served; exact up to the last tenth of a second before a crash.</param>
/// <param name="Impressions">Impressions counted.</param>
/// <param name="RewardMicros">Reward earned, in millionths.</param>
public readonly record struct GroupTally(long Decisions, long Impressions, long RewardMicros)
{
    public static GroupTally operator +(GroupTally a, GroupTally b) =>
        new(Saturating.Add(a.Decisions, b.Decisions), Saturating.Add(a.Impressions, b.Impressions), Saturating.Add(a.RewardMicros, b.RewardMicros));

    public static GroupTally Add(GroupTally left, GroupTally right) => left + right;
}
