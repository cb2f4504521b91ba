using System.ComponentModel.DataAnnotations;

namespace Flywheel.Client;

/// <summary>A state that a segment's policy can go back to.</summary>
/// <param name="At">The state of this moment.</param>
/// <param name="Kind">Kept in its turn, before a rollback (going there undoes it), or what a rollback went back to.</param>
/// <param name="Impressions">Impressions learnt from until then.</param>
/// <param name="Reward">Their reward.</param>
public sealed record PolicyCheckpoint(
    DateTimeOffset At,
    [property: AllowedValues("regular", "beforeRollback", "rolledBack")] string Kind,
    long Impressions,
    double Reward);
