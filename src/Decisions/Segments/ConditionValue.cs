using System.Text.Json;

namespace Flywheel.Decisions;

/// <summary>A scalar of a segment rule or of a request's context: text, number or truth value.</summary>
public readonly record struct ConditionValue(JsonValueKind Kind, string? Text, double Number)
{
    /// <summary>Null where the element is no scalar that a rule can compare, or a number beyond a double.</summary>
    public static ConditionValue? From(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => new ConditionValue(JsonValueKind.String, element.GetString(), 0),
        JsonValueKind.Number when double.IsFinite(element.GetDouble()) => new ConditionValue(JsonValueKind.Number, null, element.GetDouble()),
        JsonValueKind.True or JsonValueKind.False => new ConditionValue(element.ValueKind, null, 0),
        _ => null,
    };
}
