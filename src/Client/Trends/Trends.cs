namespace Flywheel.Client;

/// <summary>How the modules of a segment did through time, and the experiment.</summary>
/// <param name="Campaign">The campaign.</param>
/// <param name="Segment">The segment that the modules are of.</param>
/// <param name="Slots">Its slots.</param>
/// <param name="Experiment">Of all segments together.</param>
public sealed record Trends(string Campaign, string Segment, IReadOnlyList<SlotTrends> Slots, ExperimentTrend Experiment);
