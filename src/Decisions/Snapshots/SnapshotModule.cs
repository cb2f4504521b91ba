namespace Flywheel.Decisions;

/// <summary>A module of a snapshot.</summary>
/// <param name="Key">What its signals are counted under.</param>
/// <param name="Content">A JSON object, in UTF-8.</param>
public sealed record SnapshotModule(string Id, int Version, ulong Key, ReadOnlyMemory<byte> Content);
