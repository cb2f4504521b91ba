using System.Collections.Immutable;
using Flywheel.Domain.Campaigns;

namespace Flywheel.Abstractions.Messaging;

/// <summary>A person's version of a proposal.</summary>
/// <param name="Proposal">Its id.</param>
/// <param name="Comment">What the person said; null for nothing.</param>
[GenerateSerializer, Immutable, Alias("flywheel.edit")]
public sealed record EditMessage(
    [property: Id(0)] string Proposal,
    [property: Id(1)] ModuleContent Content,
    [property: Id(2)] ImmutableSortedDictionary<string, string> Attributes,
    [property: Id(3)] string? Comment);
