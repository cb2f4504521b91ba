namespace Flywheel.Signals;

/// <summary>A record that could not be counted, kept for people to look at.</summary>
public sealed record QuarantinedRecord(long Offset, string Reason, byte[] Body);
