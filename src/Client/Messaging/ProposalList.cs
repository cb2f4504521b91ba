namespace Flywheel.Client;

internal sealed record ProposalList(IReadOnlyList<Proposal> Proposals);
