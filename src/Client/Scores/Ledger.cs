namespace Flywheel.Client;

/// <summary>What became of the signals: every accepted one is counted, a duplicate, late or quarantined.</summary>
public sealed record Ledger(long Accepted, long Counted, long Duplicate, long Late, long Quarantined);
