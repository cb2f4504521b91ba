namespace Flywheel.Client;

/// <summary>What the engine may change by itself.</summary>
public sealed record Governance
{
    /// <value>Who lets new messaging go live: <c>approve</c> (a person), <c>auto</c> or <c>off</c>.</value>
    public string? Mode { get; init; }

    public int? MaxModulesPerSlot { get; init; }

    /// <value>The share of decisions that new modules may take, 0 to 1.</value>
    public double? ChallengerShare { get; init; }

    public int? ProposalsPerDay { get; init; }

    /// <value>Tokens of a language model a day, read and written, 1 to 100,000,000.</value>
    public int? TokensPerDay { get; init; }

    /// <value>What a language model may cost a day, in the currency that its prices are in, 0 to 10,000.</value>
    public double? CostPerDay { get; init; }

    /// <value>For how many minutes the agents leave the same reason alone once they acted on it, 0 to 10,080.</value>
    public int? CoolDownMinutes { get; init; }

    /// <value>How far <c>auto</c> goes; where it is left out, it lets go live in every slot what has no graver finding than <c>info</c>.</value>
    public AutoLimits? Auto { get; init; }
}
