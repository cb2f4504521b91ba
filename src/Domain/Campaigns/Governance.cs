namespace Flywheel.Domain.Campaigns;

/// <summary>Limits within which new messaging may be proposed and served.</summary>
public sealed record Governance
{
    public GovernanceMode Mode { get; init; } = GovernanceMode.Approve;

    /// <summary>Modules a slot may hold once proposals go live; 1 to 32.</summary>
    public int? MaxModulesPerSlot { get; init; }

    /// <summary>Share of a slot's traffic that a new module may take; 0 to 1.</summary>
    public double? ChallengerShare { get; init; }

    /// <summary>Proposals a day; 0 to 1,000.</summary>
    public int? ProposalsPerDay { get; init; }

    public AutoLimits? Auto { get; init; }
}
