using System.Collections.Immutable;
using Flywheel.Domain.Governance.Proposals;

namespace Flywheel.Abstractions.Messaging;

/// <summary>Proposals of a campaign.</summary>
[GenerateSerializer, Immutable, Alias("flywheel.proposals")]
public sealed record ProposalsMessage([property: Id(0)] ImmutableArray<Proposal> Proposals);
