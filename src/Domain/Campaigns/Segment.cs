using System.Collections.Immutable;
using Flywheel.Decisions;

namespace Flywheel.Domain.Campaigns;

/// <summary>A part of the audience: everyone whose context meets every condition. The first segment that matches wins.</summary>
public sealed record Segment
{
    public required string Id { get; init; }

    /// <summary>All must hold. Empty: the segment is only reached by naming it.</summary>
    public ImmutableArray<SegmentCondition> Match { get; init; } = [];
}
