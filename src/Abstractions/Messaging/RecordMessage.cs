using Flywheel.Domain.Governance.Proposals;

namespace Flywheel.Abstractions.Messaging;

/// <summary>Something that was done to a campaign.</summary>
/// <param name="Incarnation">The life of the campaign that it was done to.</param>
[GenerateSerializer, Immutable, Alias("flywheel.history-record")]
public sealed record RecordMessage([property: Id(0)] ulong Incarnation, [property: Id(1)] HistoryEntry Entry);
