namespace Flywheel.Client;

/// <summary>What learning gains over the control group: all segments together, then each.</summary>
public sealed record Experiment(string Campaign, ExperimentReading Overall, IReadOnlyList<SegmentExperiment> Segments)
{
    /// <value>True where the audience is simulated.</value>
    public bool Simulation { get; init; }
}
