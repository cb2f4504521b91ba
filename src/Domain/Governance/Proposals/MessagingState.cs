using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Flywheel.Domain.Campaigns;
using Flywheel.Domain.Messaging.Budgets;

namespace Flywheel.Domain.Governance.Proposals;

/// <summary>
/// A campaign's proposals, what is being written, what the agents have spent, and the newest part of the history. Immutable; every change
/// of it is a <see cref="Transition"/> made by <see cref="Lifecycle"/>.
/// </summary>
public sealed record MessagingState
{
    /// <summary>Proposals kept. The oldest whose story is over leave; it stays in the history.</summary>
    public const int MostProposals = 512;

    /// <summary>Requests that may be unanswered.</summary>
    public const int MostOpen = 16;

    /// <summary>Entries of a page of the history.</summary>
    public const int PageEntries = 128;

    /// <summary>Pages of the history; beyond them the oldest page is forgotten.</summary>
    public const int MostPages = 1_024;

    public static readonly MessagingState Empty = new();

    /// <summary>The life of the campaign that this is about.</summary>
    public ulong Incarnation { get; init; }

    public long NextProposal { get; init; } = 1;

    public long NextRequest { get; init; } = 1;

    /// <summary>Oldest first.</summary>
    public ImmutableArray<Proposal> Proposals { get; init; } = [];

    /// <summary>Oldest first; at most <see cref="MostOpen"/>.</summary>
    public ImmutableArray<OpenRequest> Open { get; init; } = [];

    /// <summary>The number of the last entry that was taken from the campaign, see <see cref="UntoldHistory"/>; 0 for none.</summary>
    public long Told { get; init; }

    public ProposalBudget Budget { get; init; } = ProposalBudget.Fresh;

    /// <summary>The entries that are in no page yet, oldest first.</summary>
    public ImmutableArray<HistoryEntry> History { get; init; } = [];

    /// <summary>The oldest page that is kept.</summary>
    public long FirstPage { get; init; }

    /// <summary>The page that comes next: its first entry is the first of <see cref="History"/>.</summary>
    public long NextPage { get; init; }

    /// <summary>The number that the next entry gets.</summary>
    [JsonIgnore]
    public long NextEntry => NextPage * PageEntries + History.Length;

    public Proposal? Find(string id) => Proposals.FirstOrDefault(proposal => proposal.Id == id);

    /// <summary>What people refused for a slot, and what did harm there; the newest 64.</summary>
    public ImmutableArray<ModuleContent> RefusedFor(string slot) =>
        [.. Proposals.Where(proposal => proposal.Slot == slot && proposal is { Status: ProposalStatus.Rejected, IsRevised: false } or { Status: ProposalStatus.RolledBack }).Reverse().Take(64).Select(proposal => proposal.Module.Content)];

    /// <summary>What waits for a decision in a slot, at most 64 of them, the newest first: two requests at once may be answered alike.</summary>
    public ImmutableArray<ModuleContent> PendingFor(string slot) =>
        [.. Proposals.Where(proposal => proposal.Slot == slot && proposal.Status == ProposalStatus.Pending).Reverse().Take(64).Select(proposal => proposal.Module.Content)];

    /// <summary>The hash of everything that was proposed for a slot and is still kept.</summary>
    public ImmutableArray<ulong> SpentFor(string slot) => [.. Proposals.Where(proposal => proposal.Slot == slot).Select(proposal => proposal.Module.Content.Hash).Distinct()];

    /// <summary>The same with one more entry.</summary>
    public MessagingState With(HistoryEntry entry) => this with { History = History.Add(entry with { Number = NextEntry }) };

    /// <summary>The same without the first page of the history, once that is stored elsewhere.</summary>
    public MessagingState WithoutPage() => this with
    {
        History = History.RemoveRange(0, PageEntries),
        NextPage = NextPage + 1,
        FirstPage = Math.Max(FirstPage, NextPage + 1 - MostPages),
    };
}
