namespace Flywheel.Grains.Campaigns;

/// <summary>What the catalogue stores.</summary>
public sealed record CatalogState
{
    /// <summary>The highest incarnation given out.</summary>
    public ulong LastIncarnation { get; init; }

    public SortedSet<string> Campaigns { get; init; } = new(StringComparer.Ordinal);
}
