namespace Flywheel.Domain.Messaging.Budgets;

/// <summary>Whether a trigger may be acted upon now, or what speaks against it.</summary>
public enum BudgetDecision
{
    Granted,

    /// <summary>A person has stopped all agents.</summary>
    Stopped,

    /// <summary>The same trigger was acted upon a short while ago.</summary>
    CoolingDown,

    /// <summary>The proposals of the day are used up.</summary>
    NoProposalsLeft,

    /// <summary>What it may cost is more than the tokens left of the day.</summary>
    NoTokensLeft,

    /// <summary>What it may cost is more than the money left of the day.</summary>
    NoMoneyLeft,
}
