using System.Collections.Immutable;
using Flywheel.Domain.Campaigns;

namespace Flywheel.Domain.Governance.Proposals;

/// <summary>What a writer wrote, before anybody has looked at it.</summary>
public sealed record Draft(ModuleContent Content, ImmutableSortedDictionary<string, string> Attributes);
