namespace Flywheel.Client;

/// <summary>How a module did through time.</summary>
/// <param name="Id">The module's id.</param>
/// <param name="Version">The version of its content; what earlier ones led to is not in it.</param>
/// <param name="Points">In order of time.</param>
public sealed record ModuleTrend(string Id, int Version, IReadOnlyList<TrendPoint> Points);
