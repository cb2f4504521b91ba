namespace Flywheel.Client;

/// <summary>How the modules of a slot did through time.</summary>
public sealed record SlotTrends(string Id, IReadOnlyList<ModuleTrend> Modules);
