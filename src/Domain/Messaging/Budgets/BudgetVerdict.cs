namespace Flywheel.Domain.Messaging.Budgets;

/// <summary>The answer to one trigger.</summary>
/// <param name="Day">The day of UTC it was given on, in days since 1970: what its cost is settled against.</param>
/// <param name="Reserved">What was set aside; nothing unless granted.</param>
/// <param name="RetryMs">The earliest Unix time in milliseconds at which the answer can be another; null where it is granted, or a person has to act first.</param>
public sealed record BudgetVerdict(BudgetDecision Decision, long Day, ModelCost Reserved, long? RetryMs)
{
    public bool IsGranted => Decision == BudgetDecision.Granted;
}
