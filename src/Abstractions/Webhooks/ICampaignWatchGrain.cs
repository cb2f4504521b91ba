using Orleans.Concurrency;

namespace Flywheel.Abstractions.Webhooks;

/// <summary>What webhooks were told of a campaign, by the campaign's id. Called every few seconds while a campaign of a tenant with webhooks changes.</summary>
[Alias("flywheel.campaign-watch")]
public interface ICampaignWatchGrain : IGrainWithStringKey
{
    /// <summary>Tells the tenant's webhooks what they were not told. It is in their queues, and will not be told again, once this returns.</summary>
    [Alias("look")]
    Task LookAsync(SightingMessage sighting, CancellationToken cancellationToken);

    /// <summary>Forgets all of it, with the campaign. Interleaves, since the campaign waits for it while a look may be waiting for the campaign.</summary>
    [AlwaysInterleave]
    [Alias("forget")]
    Task ForgetAsync(CancellationToken cancellationToken);
}
