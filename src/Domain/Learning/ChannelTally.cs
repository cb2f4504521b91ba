using System.Collections.Immutable;

namespace Flywheel.Domain.Learning;

/// <summary>Exact counts of one channel of a segment.</summary>
/// <param name="Channel">Its name; empty where none was given.</param>
public sealed record ChannelTally(
    string Channel, GroupTally Learned, GroupTally Control, GroupTally Observed, ImmutableArray<ModuleTally> Modules);
