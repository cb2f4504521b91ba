using System.Collections.Immutable;
using Flywheel.Domain.Campaigns;
using Flywheel.Domain.Governance.Proposals;

namespace Flywheel.Abstractions.Messaging;

/// <summary>What a writer is to write.</summary>
/// <param name="Incarnation">The life of the campaign.</param>
/// <param name="Request">Why, and what for.</param>
/// <param name="Slot">Where it will stand, as it is served now.</param>
/// <param name="Brief">The campaign's.</param>
/// <param name="Spent"><see cref="ModuleContent.Hash"/> of what was proposed before; at most <see cref="MessagingState.MostProposals"/>.</param>
[GenerateSerializer, Immutable, Alias("flywheel.writing-order")]
public sealed record WritingOrderMessage(
    [property: Id(0)] ulong Incarnation,
    [property: Id(1)] OpenRequest Request,
    [property: Id(2)] Slot Slot,
    [property: Id(3)] Brief? Brief,
    [property: Id(4)] ImmutableArray<ulong> Spent);
