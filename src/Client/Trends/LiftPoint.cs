using System.ComponentModel.DataAnnotations;

namespace Flywheel.Client;

/// <summary>What <c>/experiment</c> said of all segments together at one moment.</summary>
/// <param name="At">When.</param>
/// <param name="Decisions">Up to then.</param>
/// <param name="Impressions">Up to then.</param>
/// <param name="Lift">The learned rate over the control's, less 1, with an interval that is valid at every look.</param>
/// <param name="Verdict"><c>learning</c>, <c>winning</c>, <c>losing</c> or <c>unhealthy</c>.</param>
public sealed record LiftPoint(
    DateTimeOffset At, long Decisions, long Impressions, Estimate Lift, [property: AllowedValues("learning", "winning", "losing", "unhealthy")] string Verdict);
