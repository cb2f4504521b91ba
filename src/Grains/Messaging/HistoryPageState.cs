using System.Collections.Immutable;
using Flywheel.Domain.Governance.Proposals;

namespace Flywheel.Grains.Messaging;

/// <summary>What a page of the history stores.</summary>
public sealed record HistoryPageState
{
    /// <summary>Oldest first; <see cref="MessagingState.PageEntries"/>, or none where there is no such page.</summary>
    public ImmutableArray<HistoryEntry> Entries { get; init; } = [];
}
