using System.Collections.Immutable;

namespace Flywheel.Decisions;

/// <summary>A slot of a snapshot; a combination names its modules by their place here.</summary>
public sealed record SnapshotSlot(string Id, ImmutableArray<SnapshotModule> Modules);
