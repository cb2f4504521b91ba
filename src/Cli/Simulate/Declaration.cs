namespace Flywheel.Cli.Simulate;

/// <summary>That a combination wins, told for the first time.</summary>
/// <param name="Combination">Its place among all.</param>
internal sealed record Declaration(int Combination, int AtImpression);
