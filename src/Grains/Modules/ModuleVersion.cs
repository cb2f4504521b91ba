namespace Flywheel.Grains.Modules;

/// <summary>One version of a module.</summary>
public sealed record ModuleVersion(int Version, ulong ContentHash);
