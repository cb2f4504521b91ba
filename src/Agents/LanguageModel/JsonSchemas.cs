using System.Text.Json.Nodes;

namespace Flywheel.Agents.LanguageModel;

/// <summary>The parts of JSON Schema that structured output takes: every member is required, no other is allowed.</summary>
internal static class JsonSchemas
{
    public static JsonObject Object(JsonObject properties) => new()
    {
        ["type"] = "object",
        ["properties"] = properties,
        ["required"] = new JsonArray([.. properties.Select(property => JsonValue.Create(property.Key))]),
        ["additionalProperties"] = false,
    };

    public static JsonObject Array(JsonObject items) => new() { ["type"] = "array", ["items"] = items };

    public static JsonObject Text() => new() { ["type"] = "string" };

    public static JsonObject Number() => new() { ["type"] = "integer" };

    public static JsonObject OneOf(IEnumerable<string> values) => new() { ["type"] = "string", ["enum"] = new JsonArray([.. values.Select(value => JsonValue.Create(value))]) };
}
