namespace Flywheel.Faults.Load;

/// <summary>One line of a request.</summary>
/// <param name="Text">The signal as JSON, or poison.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Segment">What it counts in; null for poison.</param>
internal sealed record Line(string Text, LineKind Kind, SegmentExpectation? Segment);
