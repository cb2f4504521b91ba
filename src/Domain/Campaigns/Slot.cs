using System.Collections.Immutable;

namespace Flywheel.Domain.Campaigns;

/// <summary>A place in the creative that one of several modules fills.</summary>
public sealed record Slot
{
    public required string Id { get; init; }

    /// <summary><c>text</c> (content has <c>text</c>), <c>image</c> (content has <c>url</c>), or a kind of the caller's own.</summary>
    public string? Kind { get; init; }

    /// <summary>Characters that a module's text may have; null for no limit of its own.</summary>
    public int? MaxLength { get; init; }

    public required ImmutableArray<Module> Modules { get; init; }
}
