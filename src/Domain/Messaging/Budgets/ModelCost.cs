namespace Flywheel.Domain.Messaging.Budgets;

/// <summary>What calls of a language model cost: tokens read and written, and money in millionths. The offline writer costs nothing.</summary>
public readonly record struct ModelCost(long Tokens, long MoneyMicros)
{
    public static ModelCost operator +(ModelCost left, ModelCost right) => new(left.Tokens + right.Tokens, left.MoneyMicros + right.MoneyMicros);
}
