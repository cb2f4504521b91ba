namespace Flywheel.Faults.Load;

/// <summary>A request of signals. It is sent whole until it is accepted, the same bytes each time.</summary>
/// <param name="Body">The lines (application/x-ndjson).</param>
/// <param name="Lines">How many.</param>
/// <param name="New">How many of them are signals that were in no batch before.</param>
/// <param name="Poison">Which of them are to be rejected.</param>
internal sealed record SignalBatch(byte[] Body, int Lines, int New, IReadOnlyList<int> Poison);
