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

    /// <summary>Tokens of a language model a day, read and written; 1 to 100,000,000.</summary>
    public int? TokensPerDay { get; init; }

    /// <summary>What a language model may cost a day, in the currency that its prices are in; 0 to 10,000.</summary>
    public double? CostPerDay { get; init; }

    /// <summary>How long the agents leave the same reason alone once they acted on it; 0 to 10,080, which is a week.</summary>
    public int? CoolDownMinutes { get; init; }

    public AutoLimits? Auto { get; init; }
}
