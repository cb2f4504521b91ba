using Flywheel.Domain.Campaigns;

namespace Flywheel.Domain.Governance;

/// <summary>One change to what a campaign serves, apart from its document as a whole.</summary>
/// <param name="Kind">What is done.</param>
/// <param name="Slot">The slot.</param>
/// <param name="Id">The module.</param>
public sealed record Amendment(AmendmentKind Kind, string Slot, string Id)
{
    /// <summary>The new module; null unless one is added.</summary>
    public Module? Module { get; init; }

    /// <summary>The most of a segment's traffic that a new module may take, 0 to 1.</summary>
    public double MaxShare { get; init; } = 1;

    /// <summary>The module that makes room for a new one; null where there is room.</summary>
    public string? Retires { get; init; }
}
