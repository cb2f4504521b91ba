using System.Collections.Immutable;
using Flywheel.Domain.Scoring;

namespace Flywheel.Domain.Governance.Proposals;

/// <summary>What became of a module that went live, as far as it is known.</summary>
/// <param name="Kind"><see cref="HistoryKind.Promoted"/>, <see cref="HistoryKind.Retired"/> or <see cref="HistoryKind.RolledBack"/>.</param>
/// <param name="At">When.</param>
/// <param name="Why">In words.</param>
/// <param name="Evidence">The figures it stands on; empty where a person did it.</param>
public sealed record ProposalOutcome(HistoryKind Kind, DateTimeOffset At, string? Why, ImmutableArray<Figure> Evidence);
