using System.Collections.Immutable;

namespace Flywheel.Cli.Simulate;

/// <summary>A slot and the ids of its modules.</summary>
internal sealed record WorldSlot(string Id, ImmutableArray<string> Modules);
