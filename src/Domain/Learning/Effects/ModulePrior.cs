using System.Collections.Immutable;

namespace Flywheel.Domain.Learning.Effects;

/// <summary>What is known of a module before its own evidence.</summary>
/// <param name="Mean">Expected log of its rate ÷ its slot's level; 0 where nothing is known. A reading of its words may set it.</param>
/// <param name="Predecessor">Key of the version it replaces; 0 where there is none.</param>
/// <param name="Attributes">Keys of its attributes (name and value); modules that share one lend each other evidence.</param>
public sealed record ModulePrior(double Mean, ulong Predecessor, ImmutableArray<ulong> Attributes)
{
    public static readonly ModulePrior Unknown = new(0, 0, []);
}
