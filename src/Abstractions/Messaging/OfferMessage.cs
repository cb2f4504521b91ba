using System.Collections.Immutable;
using Flywheel.Domain.Campaigns;
using Flywheel.Domain.Governance.Proposals;

namespace Flywheel.Abstractions.Messaging;

/// <summary>A module that somebody proposes in words of their own.</summary>
/// <param name="Slot">The slot it is for.</param>
/// <param name="Writer">Who wrote it: a person or a model.</param>
/// <param name="Comment">Why; null where nothing was said.</param>
[GenerateSerializer, Immutable, Alias("flywheel.offer")]
public sealed record OfferMessage(
    [property: Id(0)] string Slot,
    [property: Id(1)] ModuleContent Content,
    [property: Id(2)] ImmutableSortedDictionary<string, string> Attributes,
    [property: Id(3)] ProposalWriter Writer,
    [property: Id(4)] string? Comment);
