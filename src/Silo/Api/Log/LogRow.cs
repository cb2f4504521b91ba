namespace Flywheel.Silo.Api.Log;

/// <summary>A sampled decision in the names of the layout in force.</summary>
/// <param name="Context">The segment.</param>
/// <param name="Action">The modules in the order of the slots, joined by <c>|</c>; one that is no longer in force as <c>#</c> and its key.</param>
/// <param name="Propensity">Above 0 and up to 1.</param>
/// <param name="RewardMicros">In millionths.</param>
/// <param name="DecidedAtMs">Unix time in milliseconds.</param>
/// <param name="Decision"><c>learned</c> or <c>control</c>.</param>
/// <param name="Channel">Empty for none.</param>
internal sealed record LogRow(string Context, string Action, double Propensity, long RewardMicros, long DecidedAtMs, string Decision, string Channel);
