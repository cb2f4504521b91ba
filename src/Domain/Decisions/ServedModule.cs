namespace Flywheel.Domain.Decisions;

/// <summary>A module as it is served.</summary>
/// <param name="Key">What its signals are counted under.</param>
/// <param name="Utf8">Its part of the answer, ready to send: <c>{"module":"h2","version":1,"content":{…}}</c>.</param>
public sealed record ServedModule(string Id, int Version, ulong Key, ReadOnlyMemory<byte> Utf8);
