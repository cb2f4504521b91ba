using System.Collections.Immutable;
using System.Text.Json;

namespace Flywheel.Decisions;

/// <summary>Writes the conditions of a segment in the form <see cref="SegmentRuleReader"/> reads.</summary>
public static class SegmentRuleWriter
{
    public static void Write(Utf8JsonWriter json, ImmutableArray<SegmentCondition> match)
    {
        json.WriteStartObject();
        foreach (var conditions in match.GroupBy(condition => condition.Member))
        {
            json.WritePropertyName(conditions.Key);
            WriteConditions(json, [.. conditions]);
        }
        json.WriteEndObject();
    }

    /// <summary>A lone value or list stands for itself, as people write it.</summary>
    private static void WriteConditions(Utf8JsonWriter json, SegmentCondition[] conditions)
    {
        if (conditions is [{ Operator: ConditionOperator.Eq or ConditionOperator.In } alone])
        {
            WriteOperand(json, alone);
            return;
        }
        json.WriteStartObject();
        foreach (var condition in conditions)
        {
            json.WritePropertyName(condition.Operator.ToString().ToLowerInvariant());
            WriteOperand(json, condition);
        }
        json.WriteEndObject();
    }

    private static void WriteOperand(Utf8JsonWriter json, SegmentCondition condition)
    {
        if (condition.Operator != ConditionOperator.In)
        {
            WriteValue(json, condition.Values[0]);
            return;
        }
        json.WriteStartArray();
        foreach (var value in condition.Values)
            WriteValue(json, value);
        json.WriteEndArray();
    }

    private static void WriteValue(Utf8JsonWriter json, ConditionValue value)
    {
        if (value.Kind == JsonValueKind.String)
            json.WriteStringValue(value.Text);
        else if (value.Kind == JsonValueKind.Number)
            json.WriteNumberValue(value.Number);
        else
            json.WriteBooleanValue(value.Kind == JsonValueKind.True);
    }
}
