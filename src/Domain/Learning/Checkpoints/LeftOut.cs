using System.Collections.Immutable;
using Flywheel.Decisions;

namespace Flywheel.Domain.Learning.Checkpoints;

/// <summary>
/// What a segment's policy is not fitted to although it was counted: what rollbacks took back, and what came later of the decisions of that
/// time. What is learnt from is always what was counted less this, to the millionth.
/// </summary>
/// <param name="Rollbacks">How many there were.</param>
/// <param name="LastMs">When the last was asked for, Unix time in milliseconds.</param>
/// <param name="Impressions">Impressions of randomised decisions that are counted and not learnt from.</param>
/// <param name="RewardMicros">Their reward, likewise, in millionths.</param>
/// <param name="Spans">Decisions that are left out, in order of time; at most <see cref="MaxSpans"/>.</param>
public sealed record LeftOut(long Rollbacks, long LastMs, long Impressions, long RewardMicros, ImmutableArray<LeftOutSpan> Spans)
{
    /// <summary>Spans kept. Beyond, the two oldest are joined, and what lies between them is left out too.</summary>
    public const int MaxSpans = 16;

    public static readonly LeftOut Nothing = new(0, 0, 0, 0, []);

    /// <summary>Whether signals of a decision made then teach nothing.</summary>
    public bool Covers(long decidedAtMs)
    {
        foreach (var span in Spans)
        {
            if (decidedAtMs > span.AfterMs && decidedAtMs <= span.UpToMs)
                return true;
        }
        return false;
    }

    /// <summary>One more signal that is counted and not learnt from.</summary>
    public LeftOut With(long impressions, long rewardMicros) =>
        this with { Impressions = Saturating.Add(Impressions, impressions), RewardMicros = Saturating.Add(RewardMicros, rewardMicros) };

    /// <summary>What is left out once a segment has gone back to a checkpoint.</summary>
    /// <param name="to">The checkpoint.</param>
    /// <param name="counted">All that was counted of randomised decisions until now.</param>
    /// <param name="atMs">When it was asked for; decisions of the time between are left out.</param>
    public LeftOut RollBack(PolicyCheckpoint to, GroupTally counted, long atMs) => new(
        Rollbacks + 1, atMs, Math.Max(0, counted.Impressions - to.Impressions), Math.Max(0, counted.RewardMicros - to.RewardMicros),
        Join([.. to.LeftOut.Where(span => span.UpToMs > atMs - (long)DecisionLimits.LongestAttributionWindow.TotalMilliseconds), new LeftOutSpan(Math.Min(to.AtMs, atMs), atMs)]));

    private static ImmutableArray<LeftOutSpan> Join(List<LeftOutSpan> spans)
    {
        spans.Sort((a, b) => a.AfterMs.CompareTo(b.AfterMs));
        for (var at = spans.Count - 1; at > 0; at--)
        {
            if (spans[at].AfterMs > spans[at - 1].UpToMs)
                continue;
            spans[at - 1] = spans[at - 1] with { UpToMs = Math.Max(spans[at - 1].UpToMs, spans[at].UpToMs) };
            spans.RemoveAt(at);
        }
        while (spans.Count > MaxSpans)
        {
            spans[0] = spans[0] with { UpToMs = spans[1].UpToMs };
            spans.RemoveAt(1);
        }
        return [.. spans];
    }
}
