namespace Flywheel.Grains.Campaigns;

/// <summary>What the catalogue stores.</summary>
public sealed record CatalogState
{
    public SortedSet<string> Campaigns { get; init; } = new(StringComparer.Ordinal);
}
