namespace Flywheel.Cli.Replay;

/// <summary>What became of a log.</summary>
/// <param name="Campaign">Where it went.</param>
/// <param name="Rows">Of the whole log.</param>
/// <param name="Sent">Signals that the engine was sent and answered for.</param>
/// <param name="Accepted">Those that it took, durably. Each of them is counted, a duplicate, late or in quarantine.</param>
/// <param name="Duplicate">What the engine had already, of the whole campaign since the replay began; null where it has not said so yet.</param>
/// <param name="Late">Likewise, what came after the attribution window.</param>
/// <param name="Quarantined">Likewise, what could not be counted.</param>
/// <param name="Rejected">Signals that it refused, and rows that cannot be said as signals.</param>
/// <param name="Rejections">The first of them.</param>
/// <param name="NextRow">The row to go on from, where it did not come to the end.</param>
/// <param name="Seconds">How long it took.</param>
internal sealed record ReplayReport(
    string Campaign, long Rows, long Sent, long Accepted, long? Duplicate, long? Late, long? Quarantined, long Rejected, IReadOnlyList<ReplayRejection> Rejections, long? NextRow, double Seconds);
