using System.Collections.Immutable;
using System.Text.Json;

namespace Flywheel.Decisions;

/// <summary>
/// One comparison on one member of the request's context: <c>{"age":{"lt":30}}</c>, <c>{"city":["Paris","Lyon"]}</c> or
/// <c>{"returning":true}</c>. A member that is missing or of another type does not match (nor does it for <c>ne</c>).
/// </summary>
public sealed record SegmentCondition(string Member, ConditionOperator Operator, ImmutableArray<ConditionValue> Values)
{
    public bool Holds(in ConditionValue actual) => Operator switch
    {
        ConditionOperator.In or ConditionOperator.Eq => Values.Contains(actual),
        ConditionOperator.Ne => actual.Kind == Values[0].Kind && actual != Values[0],
        _ => actual.Kind == JsonValueKind.Number && Compares(actual.Number, Values[0].Number),
    };

    private bool Compares(double actual, double bound) => Operator switch
    {
        ConditionOperator.Lt => actual < bound,
        ConditionOperator.Lte => actual <= bound,
        ConditionOperator.Gt => actual > bound,
        _ => actual >= bound,
    };
}
