namespace Flywheel.Domain.Messaging.Budgets;

/// <summary>What the agents of a campaign may spend in a day of UTC.</summary>
public sealed record BudgetLimits
{
    /// <summary>As many as a campaign's governance can allow.</summary>
    public const int MostProposalsPerDay = 1_000;

    public static readonly TimeSpan LongestCoolDown = TimeSpan.FromDays(7);

    private readonly int _proposalsPerDay = 20;
    private readonly TimeSpan _coolDown = TimeSpan.FromHours(6);

    /// <summary>Proposals; 0 to <see cref="MostProposalsPerDay"/>, <c>governance.proposalsPerDay</c>.</summary>
    public int ProposalsPerDay
    {
        get => _proposalsPerDay;
        init => _proposalsPerDay = value is >= 0 and <= MostProposalsPerDay
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, $"Proposals a day are 0 to {MostProposalsPerDay}.");
    }

    /// <summary>Tokens of a language model, read and written; <c>governance.tokensPerDay</c>.</summary>
    public long TokensPerDay { get; init; } = 500_000;

    /// <summary>Money, in millionths of the currency that the model is billed in; <c>governance.costPerDay</c>.</summary>
    public long MoneyMicrosPerDay { get; init; } = 5_000_000;

    /// <summary>How long the same trigger is left alone once it was acted upon; 0 to <see cref="LongestCoolDown"/>, <c>governance.coolDownMinutes</c>.</summary>
    public TimeSpan CoolDown
    {
        get => _coolDown;
        init => _coolDown = value >= TimeSpan.Zero && value <= LongestCoolDown
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, $"A cool-down is 0 to {LongestCoolDown}.");
    }

    /// <summary>The limits that a campaign's document sets, and the defaults of those that it leaves open.</summary>
    public static BudgetLimits Of(Campaigns.Governance? governance)
    {
        var defaults = new BudgetLimits();
        return defaults with
        {
            ProposalsPerDay = governance?.ProposalsPerDay ?? defaults.ProposalsPerDay,
            TokensPerDay = governance?.TokensPerDay ?? defaults.TokensPerDay,
            MoneyMicrosPerDay = governance?.CostPerDay is { } cost ? (long)Math.Round(cost * 1e6) : defaults.MoneyMicrosPerDay,
            CoolDown = governance?.CoolDownMinutes is { } minutes ? TimeSpan.FromMinutes(minutes) : defaults.CoolDown,
        };
    }
}
