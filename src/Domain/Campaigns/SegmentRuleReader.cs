using System.Collections.Immutable;
using System.Text.Json;

namespace Flywheel.Domain.Campaigns;

/// <summary>Reads the <c>match</c> of a segment: a member of the context against a value, a list, or named comparisons.</summary>
internal static class SegmentRuleReader
{
    public static ImmutableArray<SegmentCondition> Read(DocumentReader reader, JsonElement segment, string field)
    {
        if (!segment.TryGetProperty("match", out var match))
            return [];
        field += ".match";
        if (match.ValueKind != JsonValueKind.Object)
        {
            reader.Add(field, DocumentReader.Describe(match), "an object of conditions");
            return [];
        }
        var conditions = ImmutableArray.CreateBuilder<SegmentCondition>();
        foreach (var member in match.EnumerateObject())
            ReadMember(reader, conditions, member.Name, member.Value, $"{field}.{DocumentReader.Shorten(member.Name)}");
        if (conditions.Count > Limits.ConditionsPerSegment)
            reader.Add(field, $"{conditions.Count} conditions", $"at most {Limits.ConditionsPerSegment}");
        return conditions.ToImmutable();
    }

    private static void ReadMember(DocumentReader reader, ImmutableArray<SegmentCondition>.Builder conditions, string name, JsonElement rule, string field)
    {
        switch (rule.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var comparison in rule.EnumerateObject())
                    ReadComparison(reader, conditions, name, comparison, field);
                break;
            case JsonValueKind.Array:
                ReadList(reader, conditions, name, rule, field);
                break;
            default:
                if (ConditionValue.From(rule) is { } value)
                    conditions.Add(new SegmentCondition(name, ConditionOperator.Eq, [value]));
                else
                    reader.Add(field, DocumentReader.Describe(rule), "a value, a list of values, or {\"lt\":30}");
                break;
        }
    }

    private static void ReadComparison(DocumentReader reader, ImmutableArray<SegmentCondition>.Builder conditions, string name, JsonProperty comparison, string field)
    {
        var path = $"{field}.{DocumentReader.Shorten(comparison.Name)}";
        switch (comparison.Name)
        {
            case "in":
                ReadList(reader, conditions, name, comparison.Value, path);
                break;
            case "eq" when ConditionValue.From(comparison.Value) is { } value:
                conditions.Add(new SegmentCondition(name, ConditionOperator.Eq, [value]));
                break;
            case "ne" when ConditionValue.From(comparison.Value) is { } value:
                conditions.Add(new SegmentCondition(name, ConditionOperator.Ne, [value]));
                break;
            case "eq" or "ne":
                reader.Add(path, DocumentReader.Describe(comparison.Value), "text, a number, true or false");
                break;
            case "lt" or "lte" or "gt" or "gte":
                if (ConditionValue.From(comparison.Value) is { Kind: JsonValueKind.Number } bound)
                    conditions.Add(new SegmentCondition(name, Enum.Parse<ConditionOperator>(comparison.Name, ignoreCase: true), [bound]));
                else
                    reader.Add(path, DocumentReader.Describe(comparison.Value), "a number");
                break;
            default:
                reader.Add(path, "an unknown comparison", "lt, lte, gt, gte, eq, ne or in");
                break;
        }
    }

    private static void ReadList(DocumentReader reader, ImmutableArray<SegmentCondition>.Builder conditions, string name, JsonElement list, string field)
    {
        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() is 0 or > Limits.ValuesPerCondition)
        {
            reader.Add(field, list.ValueKind == JsonValueKind.Array ? $"{list.GetArrayLength()} values" : DocumentReader.Describe(list), $"a list of 1 to {Limits.ValuesPerCondition} values");
            return;
        }
        var values = list.EnumerateArray().Select(ConditionValue.From).ToImmutableArray();
        if (values.Any(value => value is null))
            reader.Add(field, "a list with an object, an array or null in it", "text, numbers, true or false");
        else
            conditions.Add(new SegmentCondition(name, ConditionOperator.In, [.. values.Select(value => value!.Value)]));
    }
}
