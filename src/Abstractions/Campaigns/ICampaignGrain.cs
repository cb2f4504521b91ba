using Flywheel.Domain.Campaigns;
using Orleans.Concurrency;

namespace Flywheel.Abstractions.Campaigns;

/// <summary>A campaign, by its id.</summary>
[Alias("flywheel.campaign")]
public interface ICampaignGrain : IGrainWithStringKey
{
    /// <summary>Creates the campaign or replaces it as a whole. Durable, and served by every silo that can be reached, once this returns.</summary>
    [Alias("publish")]
    Task<PublishOutcome> PublishAsync(CampaignMessage campaign, CancellationToken cancellationToken);

    /// <summary>Sets whether it is served; null where there is no such campaign.</summary>
    [Alias("status")]
    Task<PublishedCampaignMessage?> SetStatusAsync(CampaignStatus status, CancellationToken cancellationToken);

    /// <summary>
    /// Changes what is served of one module. Durable once this returns, and in force on every silo that can be reached. Asked for twice, it
    /// changes nothing the second time.
    /// </summary>
    [Alias("amend")]
    Task<AmendOutcomeMessage> AmendAsync(AmendmentMessage amendment, CancellationToken cancellationToken);

    /// <summary>
    /// Takes what policies are fitted to back to an earlier moment, and nothing that was counted. Durable, with its entry in the history, once
    /// this returns; asked for again, it goes back again. Null where there is no such campaign. It waits until the rollback is served, and other
    /// calls go on meanwhile.
    /// </summary>
    [AlwaysInterleave]
    [Alias("roll-back")]
    Task<RollbackOutcomeMessage?> RollBackAsync(RollbackMessage rollback, CancellationToken cancellationToken);

    /// <summary>The part of a rollback that changes the campaign; served by nobody yet.</summary>
    [Alias("log-rollback")]
    Task<RollbackOutcomeMessage?> LogRollbackAsync(RollbackMessage rollback, CancellationToken cancellationToken);

    /// <summary>Tells the silos of the campaign in force, and has its segments fitted anew.</summary>
    [Alias("tell-rollback")]
    Task TellRollbackAsync(CancellationToken cancellationToken);

    /// <summary>The campaign in force; null where there is none.</summary>
    [Alias("describe")]
    Task<PublishedCampaignMessage?> DescribeAsync(CancellationToken cancellationToken);

    /// <summary>The campaign in force, with what was done to it and its history does not have yet; null where there is none or it is being deleted.</summary>
    /// <param name="incarnation">The life of the campaign that the history is of; 0 for none.</param>
    /// <param name="told">The number of the last entry that the history has stored of that life.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    [Alias("report")]
    Task<CampaignReportMessage?> ReportAsync(ulong incarnation, long told, CancellationToken cancellationToken);

    /// <summary>Removes the campaign and all that was counted for it. False where there is none. Finishes what an earlier call began.</summary>
    [Alias("delete")]
    Task<bool> DeleteAsync(CancellationToken cancellationToken);
}
