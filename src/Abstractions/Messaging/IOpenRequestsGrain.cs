namespace Flywheel.Abstractions.Messaging;

/// <summary>The campaigns whose requests for messaging are unanswered; one grain, key 0. Called when a campaign's first request opens and its last one closes, and once a minute by each silo.</summary>
[Alias("flywheel.open-requests")]
public interface IOpenRequestsGrain : IGrainWithIntegerKey
{
    /// <summary>Adds a campaign, durable once this returns.</summary>
    [Alias("add")]
    Task AddAsync(string campaign, CancellationToken cancellationToken);

    [Alias("remove")]
    Task RemoveAsync(string campaign, CancellationToken cancellationToken);

    /// <summary>Their ids, sorted. One whose last request has just closed may still be there.</summary>
    [Alias("list")]
    Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken);
}
