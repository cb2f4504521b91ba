namespace Flywheel.Client;

/// <summary>Learned against control in a segment.</summary>
/// <param name="Id">The segment's id.</param>
/// <param name="Learned">What the learned policy served.</param>
/// <param name="Control">What the uniform policy served.</param>
/// <param name="SampleRatio">Whether the groups are of the sizes that they should be.</param>
/// <param name="Verdict"><c>learning</c>, <c>winning</c>, <c>losing</c> or <c>unhealthy</c>.</param>
/// <param name="Sentence">The verdict in words, in the language that was asked for.</param>
public sealed record SegmentExperiment(string Id, ExperimentGroup Learned, ExperimentGroup Control, SampleRatio SampleRatio, string Verdict, string Sentence)
    : ExperimentReading(Learned, Control, SampleRatio, Verdict, Sentence);
