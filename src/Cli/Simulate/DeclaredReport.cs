namespace Flywheel.Cli.Simulate;

/// <summary>That a combination wins, told for the first time.</summary>
/// <param name="Combination">Module ids joined by | in slot order.</param>
internal sealed record DeclaredReport(string Combination, int AtImpression);
