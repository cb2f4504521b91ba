using Flywheel.Domain.Campaigns;
using Flywheel.Domain.Governance.Proposals;

namespace Flywheel.Abstractions.Messaging;

/// <summary>What a reviewer is to look at.</summary>
/// <param name="Incarnation">The life of the campaign.</param>
/// <param name="Slot">Where it will stand.</param>
/// <param name="Brief">The campaign's.</param>
/// <param name="Written">What was written, as it would be delivered without a review.</param>
[GenerateSerializer, Immutable, Alias("flywheel.review-order")]
public sealed record ReviewOrderMessage(
    [property: Id(0)] ulong Incarnation,
    [property: Id(1)] Slot Slot,
    [property: Id(2)] Brief? Brief,
    [property: Id(3)] Delivery Written);
