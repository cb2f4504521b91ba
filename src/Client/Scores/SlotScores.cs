namespace Flywheel.Client;

/// <summary>The scores of a slot's modules.</summary>
public sealed record SlotScores(string Id, IReadOnlyList<ModuleScores> Modules);
