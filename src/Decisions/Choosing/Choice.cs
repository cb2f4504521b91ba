namespace Flywheel.Decisions;

/// <summary>What was chosen for one request.</summary>
/// <param name="Combination">A module index per slot, see <see cref="Flywheel.Decisions.Combination"/>.</param>
/// <param name="Group">The group the request fell into.</param>
/// <param name="Propensity">
/// The exact probability of this combination under all that could have happened, control group and floor included; (0, 1].
/// </param>
public readonly record struct Choice(ulong Combination, Group Group, double Propensity);
