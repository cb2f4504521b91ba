namespace Flywheel.Decisions;

/// <summary>How a condition compares a member of the context.</summary>
public enum ConditionOperator
{
    /// <summary>Equal to one of the values.</summary>
    In,

    /// <summary>Equal to the value.</summary>
    Eq,
    Lt,
    Lte,
    Gt,
    Gte,
    Ne,
}
