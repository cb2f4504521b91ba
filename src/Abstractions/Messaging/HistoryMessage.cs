using System.Collections.Immutable;
using Flywheel.Domain.Governance.Proposals;

namespace Flywheel.Abstractions.Messaging;

/// <summary>Entries of a campaign's history.</summary>
[GenerateSerializer, Immutable, Alias("flywheel.history")]
public sealed record HistoryMessage([property: Id(0)] ImmutableArray<HistoryEntry> Entries);
