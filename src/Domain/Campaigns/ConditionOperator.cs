namespace Flywheel.Domain.Campaigns;

/// <summary>How a condition compares a member of the context.</summary>
public enum ConditionOperator
{
    /// <summary>Equal to one of the values (a scalar, or one of an array).</summary>
    In,
    Lt,
    Lte,
    Gt,
    Gte,
    Ne,
}
