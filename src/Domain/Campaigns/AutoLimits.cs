using System.Collections.Immutable;

namespace Flywheel.Domain.Campaigns;

/// <summary>Limits within which the engine lets new messaging go live by itself, where the mode is <see cref="GovernanceMode.Auto"/>.</summary>
public sealed record AutoLimits
{
    /// <summary>Ids of the slots where it may; all of the campaign's where empty.</summary>
    public ImmutableArray<string> Slots { get; init; } = [];

    public AutoRisk? Risk { get; init; }

    /// <summary>The most of a segment's traffic that such a module may take while it is on trial; 0 to 1.</summary>
    public double? Share { get; init; }
}
