using System.Collections.Immutable;

namespace Flywheel.Grains.Modules;

/// <summary>What a module stores: the versions it has had.</summary>
public sealed record ModuleState
{
    /// <summary>The number the next new content gets.</summary>
    public int NextVersion { get; init; } = 1;

    /// <summary>Content hash and version, the latest last.</summary>
    public ImmutableArray<ModuleVersion> Versions { get; init; } = [];
}
