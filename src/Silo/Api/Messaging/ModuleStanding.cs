namespace Flywheel.Silo.Api.Messaging;

/// <summary>What became of a module.</summary>
/// <param name="State"><c>stopped</c>, <c>pinned</c> or <c>serving</c>.</param>
internal sealed record ModuleStanding(string Campaign, string Slot, string Module, string State);
