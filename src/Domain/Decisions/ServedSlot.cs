using System.Collections.Immutable;

namespace Flywheel.Domain.Decisions;

/// <summary>A slot as it is served.</summary>
public sealed record ServedSlot(string Id, ImmutableArray<ServedModule> Modules);
