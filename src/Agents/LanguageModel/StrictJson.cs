using System.Globalization;
using System.Text.Json;
using Flywheel.Agents.Writing;

namespace Flywheel.Agents.LanguageModel;

/// <summary>
/// Reads a model's answer as its schema has it and nothing beside: a member that is missing, unknown, twice there or of another type makes
/// the answer malformed. Messages name members of the schema and counts, never what came.
/// </summary>
internal static class StrictJson
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 8, AllowDuplicateProperties = false };

    public static T Read<T>(string text, Func<JsonElement, T> read)
    {
        try
        {
            using var document = JsonDocument.Parse(text, Options);
            return read(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Halves of surrogate pairs parse and then cannot be read.
            throw Malformed("it is not one JSON document with each member once");
        }
    }

    /// <summary>The object's members in the order of their names.</summary>
    public static JsonElement[] Members(JsonElement element, string path, params IReadOnlyCollection<string> names)
    {
        if (element.ValueKind != JsonValueKind.Object)
            throw Malformed($"{path} is no object");
        if (element.EnumerateObject().Any(member => !names.Contains(member.Name)))
            throw Malformed($"{path} has an unknown member");
        return [.. names.Select(name => element.TryGetProperty(name, out var value) ? value : throw Malformed($"{path}.{name} is missing"))];
    }

    public static JsonElement[] Items(JsonElement element, string path, int least, int most)
    {
        if (element.ValueKind != JsonValueKind.Array)
            throw Malformed($"{path} is no array");
        var count = element.GetArrayLength();
        return count >= least && count <= most
            ? [.. element.EnumerateArray()]
            : throw Malformed(string.Create(CultureInfo.InvariantCulture, $"{path} has {count} items; expected {least} to {most}"));
    }

    /// <summary>Text of one line.</summary>
    public static string Text(JsonElement element, string path, int longest)
    {
        if (element.ValueKind != JsonValueKind.String)
            throw Malformed($"{path} is no text");
        var text = element.GetString()!;
        if (string.IsNullOrWhiteSpace(text) || text.Length > longest)
            throw Malformed(string.Create(CultureInfo.InvariantCulture, $"{path} has {text.Length} characters; expected 1 to {longest}"));
        return text.Any(char.IsControl) ? throw Malformed($"{path} holds control characters") : text;
    }

    public static string OneOf(JsonElement element, string path, IReadOnlyCollection<string> values) =>
        element.ValueKind == JsonValueKind.String && element.GetString() is { } text && values.Contains(text) ? text : throw Malformed($"{path} is none of the values of the schema");

    public static int Integer(JsonElement element, string path, int least, int most) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out var number) && number >= least && number <= most
            ? number
            : throw Malformed(string.Create(CultureInfo.InvariantCulture, $"{path} is no whole number from {least} to {most}"));

    public static ModelCallException Malformed(string what) => new(FailureKind.Malformed, $"the answer is not what was asked for: {what}");
}
