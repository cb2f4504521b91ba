namespace Flywheel.Decisions;

/// <summary>
/// How decisions fell into the control group, beside the shares that were in force as each was taken. Decisions for a unit are left
/// out: a unit always falls into the same group, so that they are not independent.
/// </summary>
/// <param name="Decisions">Decisions without a unit.</param>
/// <param name="Control">Those of them that the control group served.</param>
/// <param name="ExpectedControlMicros">The sum of the control shares in force, in millionths of a decision.</param>
public readonly record struct Assignment(long Decisions, long Control, long ExpectedControlMicros)
{
    /// <summary>A decision that was taken without a unit.</summary>
    public static Assignment Of(bool isControl, double controlShare) => new(1, isControl ? 1 : 0, (long)Math.Round(controlShare * 1e6));

    public static Assignment operator +(Assignment a, Assignment b) => new(
        Saturating.Add(a.Decisions, b.Decisions), Saturating.Add(a.Control, b.Control), Saturating.Add(a.ExpectedControlMicros, b.ExpectedControlMicros));

    public static Assignment Add(Assignment left, Assignment right) => left + right;
}
