using Orleans.Concurrency;

namespace Flywheel.Abstractions.Messaging;

/// <summary>The proposals and the history of a campaign, by its id. What it answers is durable.</summary>
[Alias("flywheel.messaging")]
public interface IMessagingGrain : IGrainWithStringKey
{
    /// <summary>Asks for new messaging; the answer comes later.</summary>
    [Alias("request")]
    Task<MessagingOutcome> RequestAsync(RequestMessage request, CancellationToken cancellationToken);

    /// <summary>Takes a writer's answer. One to a request that is not open any more changes nothing.</summary>
    [Alias("deliver")]
    Task DeliverAsync(DeliveryMessage delivery, CancellationToken cancellationToken);

    /// <summary>Lets a proposal go live. Finishes what an earlier call began.</summary>
    /// <param name="revision">What the person has seen: where the proposal has been rewritten since, nothing changes. Null approves what it says now.</param>
    [Alias("approve-revision")]
    Task<MessagingOutcome> ApproveAsync(string proposal, int? revision, string? comment, CancellationToken cancellationToken);

    [Alias("reject")]
    Task<MessagingOutcome> RejectAsync(string proposal, string? comment, CancellationToken cancellationToken);

    /// <summary>Refuses a proposal and asks the writer again, with the comment.</summary>
    [Alias("revise")]
    Task<MessagingOutcome> ReviseAsync(string proposal, string? comment, CancellationToken cancellationToken);

    /// <summary>Puts a person's version in the place of a proposal that waits; it needs approval as before.</summary>
    [Alias("edit")]
    Task<MessagingOutcome> EditAsync(EditMessage edit, CancellationToken cancellationToken);

    /// <summary>Takes a module that somebody proposes in words of their own; it waits for a person, as every proposal of mode <c>approve</c> does.</summary>
    [Alias("offer")]
    Task<MessagingOutcome> OfferAsync(OfferMessage offer, CancellationToken cancellationToken);

    /// <summary>Takes a decision back: what went live is retired, what was refused waits again.</summary>
    [Alias("undo")]
    Task<MessagingOutcome> UndoAsync(string proposal, string? comment, CancellationToken cancellationToken);

    /// <summary>Ends the trial of a module as its evidence says. A module that is not on trial any more is left alone.</summary>
    [Alias("end-trial")]
    Task<MessagingOutcome> EndTrialAsync(TrialMessage trial, CancellationToken cancellationToken);

    /// <summary>Stops all agents of the campaign, or lets them work again.</summary>
    [Alias("switch")]
    Task<MessagingOutcome> SwitchAsync(bool stopped, CancellationToken cancellationToken);

    /// <summary>All proposals that are kept, oldest first; null where there is no such campaign.</summary>
    [Alias("list")]
    Task<ProposalsMessage?> ListAsync(CancellationToken cancellationToken);

    /// <summary>Entries of the history, newest first; null where there is no such campaign.</summary>
    /// <param name="before">Only entries with a lower number.</param>
    /// <param name="most">How many.</param>
    [Alias("history")]
    Task<HistoryMessage?> ReadHistoryAsync(long before, int most, CancellationToken cancellationToken);

    /// <summary>
    /// Takes what was done to the campaign into its history. Nobody waits for it: every other call does the same first.
    /// </summary>
    [Alias("catch-up")]
    Task CatchUpAsync(CancellationToken cancellationToken);

    /// <summary>Looks after requests that are open: asks once more for those that were lost with their silo. Where there are none, it is not called again.</summary>
    [Alias("wake")]
    Task WakeAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Forgets all of it, with the campaign. Interleaves, since the campaign waits for it while this grain may be waiting for the campaign:
    /// what is under way then finds that there is nothing left to change.
    /// </summary>
    [AlwaysInterleave]
    [Alias("forget")]
    Task ForgetAsync(CancellationToken cancellationToken);
}
