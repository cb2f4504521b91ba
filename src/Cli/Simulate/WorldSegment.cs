using System.Collections.Immutable;

namespace Flywheel.Cli.Simulate;

/// <summary>A segment of the audience.</summary>
/// <param name="Share">Its part of the impressions; the shares of a world sum to 1.</param>
/// <param name="Phases">In order of their start, the first at 0.</param>
internal sealed record WorldSegment(string Id, double Share, ImmutableArray<WorldPhase> Phases);
