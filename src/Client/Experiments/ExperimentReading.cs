using System.ComponentModel.DataAnnotations;

namespace Flywheel.Client;

/// <summary>Learned against control.</summary>
/// <param name="Learned">What the learned policy served.</param>
/// <param name="Control">What the uniform policy served.</param>
/// <param name="SampleRatio">Whether the groups are of the sizes that they should be.</param>
/// <param name="Verdict"><c>learning</c>, <c>winning</c>, <c>losing</c> or <c>unhealthy</c>.</param>
/// <param name="Sentence">The verdict in words, in the language that was asked for.</param>
public record ExperimentReading(
    ExperimentGroup Learned,
    ExperimentGroup Control,
    SampleRatio SampleRatio,
    [property: AllowedValues("learning", "winning", "losing", "unhealthy")] string Verdict,
    string Sentence)
{
    /// <value>The learned rate over the control's, less 1, with an interval that is valid at every look; null where there is nothing to compare.</value>
    public required Estimate? Lift { get; init; }
}
