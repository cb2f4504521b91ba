using System.Collections.Immutable;
using System.Text.Json;

namespace Flywheel.Decisions;

/// <summary>Reads the <c>match</c> of a segment: a member of the context against a value, a list, or named comparisons.</summary>
public static class SegmentRuleReader
{
    private const int ShownLength = 80;

    /// <summary>Told of what is wrong: the path of the member, what came, and what would be right.</summary>
    public delegate void Report(string field, string came, string expected);

    /// <param name="segment">An object; without a <c>match</c> it has no conditions.</param>
    /// <param name="field">The path of the segment.</param>
    /// <param name="report">Called for every member that is wrong; what is read then is not to be used.</param>
    public static ImmutableArray<SegmentCondition> Read(JsonElement segment, string field, Report report)
    {
        if (!segment.TryGetProperty("match", out var match))
            return [];
        field += ".match";
        if (match.ValueKind != JsonValueKind.Object)
        {
            report(field, Describe(match), "an object of conditions");
            return [];
        }
        var conditions = ImmutableArray.CreateBuilder<SegmentCondition>();
        foreach (var member in match.EnumerateObject())
            ReadMember(report, conditions, member.Name, member.Value, $"{field}.{Shorten(member.Name)}");
        if (conditions.Count > DecisionLimits.ConditionsPerSegment)
            report(field, $"{conditions.Count} conditions", $"at most {DecisionLimits.ConditionsPerSegment}");
        return conditions.ToImmutable();
    }

    private static void ReadMember(Report report, ImmutableArray<SegmentCondition>.Builder conditions, string name, JsonElement rule, string field)
    {
        switch (rule.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var comparison in rule.EnumerateObject())
                    ReadComparison(report, conditions, name, comparison, field);
                break;
            case JsonValueKind.Array:
                ReadList(report, conditions, name, rule, field);
                break;
            default:
                if (ConditionValue.From(rule) is { } value)
                    conditions.Add(new SegmentCondition(name, ConditionOperator.Eq, [value]));
                else
                    report(field, Describe(rule), "a value, a list of values, or {\"lt\":30}");
                break;
        }
    }

    private static void ReadComparison(Report report, ImmutableArray<SegmentCondition>.Builder conditions, string name, JsonProperty comparison, string field)
    {
        var path = $"{field}.{Shorten(comparison.Name)}";
        switch (comparison.Name)
        {
            case "in":
                ReadList(report, conditions, name, comparison.Value, path);
                break;
            case "eq" when ConditionValue.From(comparison.Value) is { } value:
                conditions.Add(new SegmentCondition(name, ConditionOperator.Eq, [value]));
                break;
            case "ne" when ConditionValue.From(comparison.Value) is { } value:
                conditions.Add(new SegmentCondition(name, ConditionOperator.Ne, [value]));
                break;
            case "eq" or "ne":
                report(path, Describe(comparison.Value), "text, a number, true or false");
                break;
            case "lt" or "lte" or "gt" or "gte":
                if (ConditionValue.From(comparison.Value) is { Kind: JsonValueKind.Number } bound)
                    conditions.Add(new SegmentCondition(name, Enum.Parse<ConditionOperator>(comparison.Name, ignoreCase: true), [bound]));
                else
                    report(path, Describe(comparison.Value), "a number");
                break;
            default:
                report(path, "an unknown comparison", "lt, lte, gt, gte, eq, ne or in");
                break;
        }
    }

    private static void ReadList(Report report, ImmutableArray<SegmentCondition>.Builder conditions, string name, JsonElement list, string field)
    {
        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() is 0 or > DecisionLimits.ValuesPerCondition)
        {
            report(field, list.ValueKind == JsonValueKind.Array ? $"{list.GetArrayLength()} values" : Describe(list), $"a list of 1 to {DecisionLimits.ValuesPerCondition} values");
            return;
        }
        var values = list.EnumerateArray().Select(ConditionValue.From).ToImmutableArray();
        if (values.Any(value => value is null))
            report(field, "a list with an object, an array or null in it", "text, numbers, true or false");
        else
            conditions.Add(new SegmentCondition(name, ConditionOperator.In, [.. values.Select(value => value!.Value)]));
    }

    private static string Describe(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        _ => Shorten(element.GetRawText()),
    };

    private static string Shorten(string text) => text.Length <= ShownLength ? text : text[..(ShownLength - 3)] + "...";
}
