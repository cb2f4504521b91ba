namespace Flywheel.Abstractions.Campaigns;

/// <summary>The ids of all campaigns; one grain, key 0. Called when campaigns come and go and when a silo starts, never per request.</summary>
[Alias("flywheel.catalog")]
public interface ICatalogGrain : IGrainWithIntegerKey
{
    /// <summary>
    /// Adds an id; null where the catalogue is full, or the id's tenant has as many as it may. Otherwise the incarnation of its next life: higher than any that was ever
    /// given out, whatever the clock does.
    /// </summary>
    [Alias("add")]
    Task<ulong?> AddAsync(string campaign, CancellationToken cancellationToken);

    [Alias("remove")]
    Task RemoveAsync(string campaign, CancellationToken cancellationToken);

    /// <summary>All ids, sorted.</summary>
    [Alias("list")]
    Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken);
}
