namespace Flywheel.Agents.Offline;

/// <summary>A text that could be proposed, and what it is made of.</summary>
/// <param name="Claim">The claim in it, null for none.</param>
/// <param name="Claims">How many claims it holds.</param>
/// <param name="Call">The call to action that it ends with, null for none.</param>
internal sealed record Draft(Pattern Pattern, string Text, string? Claim, int Claims, string? Call);
