namespace Flywheel.Silo.Api.Operating;

/// <summary>How the engine is.</summary>
/// <param name="Status">A word.</param>
/// <param name="Reason">Why it is not as it should be; left out where it is.</param>
internal sealed record HealthAnswer(string Status, string? Reason = null);
