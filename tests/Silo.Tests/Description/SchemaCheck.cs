using System.Text.Json;
using System.Text.Json.Nodes;

namespace Flywheel.Silo.Tests.Description;

/// <summary>
/// Holds answers against the schemas of an OpenAPI document: types, required members, values that are allowed, and no member that the
/// schema does not have. Knows what that document uses of JSON Schema, and says of anything else that it does not.
/// </summary>
internal sealed class SchemaCheck(JsonNode document)
{
    private static readonly HashSet<string> Known =
        ["$ref", "type", "required", "properties", "items", "additionalProperties", "enum", "oneOf", "anyOf", "format", "pattern", "description", "title", "default", "minimum", "maximum"];

    /// <summary>What is wrong with a value; empty for nothing.</summary>
    public IReadOnlyList<string> Errors(JsonNode? value, JsonNode schema)
    {
        var errors = new List<string>();
        Check(value, schema, "$", errors);
        return errors;
    }

    /// <summary>Where a schema, or one in it, says nothing of what it describes; empty for nowhere.</summary>
    public IReadOnlyList<string> Holes(JsonNode? schema)
    {
        var holes = new List<string>();
        Look(schema, "$", holes, []);
        return holes;
    }

    private void Look(JsonNode? schema, string path, List<string> holes, HashSet<string> seen)
    {
        if (schema?["$ref"] is { } reference && !seen.Add(reference.GetValue<string>()))
            return;
        if (schema is null || Resolve(schema) is not JsonObject own)
        {
            holes.Add($"{path}: none");
            return;
        }
        holes.AddRange(own.Where(member => !Known.Contains(member.Key)).Select(member => $"{path}: {member.Key} is not known to this test"));
        var members = own["properties"] as JsonObject;
        foreach (var (name, member) in members ?? [])
            Look(member, $"{path}.{name}", holes, seen);
        foreach (var required in own["required"] as JsonArray ?? [])
        {
            if (members?.ContainsKey(required!.GetValue<string>()) != true)
                holes.Add($"{path}: {required} is required and not described");
        }
        if (own["items"] is { } items)
            Look(items, $"{path}[]", holes, seen);
        foreach (var option in (own["oneOf"] as JsonArray ?? []).Where(option => option!["type"]?.ToString() != "null"))
            Look(option, $"{path}|", holes, seen);
        var types = TypesOf(own);
        var says = own["oneOf"] is not null || own["enum"] is not null || types.Any(type => type switch
        {
            "object" => members is { Count: > 0 } || own["additionalProperties"] is not null,
            "array" => own["items"] is not null,
            "null" => false,
            _ => true,
        });
        if (!says)
            holes.Add($"{path}: {own.ToJsonString()} says nothing");
    }

    private void Check(JsonNode? value, JsonNode schema, string path, List<string> errors)
    {
        schema = Resolve(schema);
        if (schema is JsonObject { Count: 0 })
            return;
        if (schema["oneOf"] is JsonArray options)
        {
            var fits = options.Count(option => Errors(value, option!).Count == 0);
            if (fits != 1)
                errors.Add($"{path}: fits {fits} of {options.Count} options: {value?.ToJsonString()}");
            return;
        }
        var types = TypesOf(schema);
        if (types.Length > 0 && !types.Any(type => IsOf(value, type)))
        {
            errors.Add($"{path}: came {value?.ToJsonString() ?? "null"}; expected {string.Join(" or ", types)}");
            return;
        }
        if (schema["enum"] is JsonArray allowed && !allowed.Any(each => JsonNode.DeepEquals(each, value)))
            errors.Add($"{path}: came {value?.ToJsonString()}; expected one of {allowed.ToJsonString()}");
        if (schema["format"]?.GetValue<string>() == "date-time" && value is not null && !DateTimeOffset.TryParse(value.GetValue<string>(), System.Globalization.CultureInfo.InvariantCulture, out _))
            errors.Add($"{path}: came {value.ToJsonString()}; expected a time");
        if (value is JsonArray array && schema["items"] is { } items)
        {
            for (var i = 0; i < array.Count; i++)
                Check(array[i], items, $"{path}[{i}]", errors);
        }
        if (value is JsonObject own)
            CheckMembers(own, schema, path, errors);
    }

    private void CheckMembers(JsonObject value, JsonNode schema, string path, List<string> errors)
    {
        var members = schema["properties"] as JsonObject ?? [];
        foreach (var required in schema["required"] as JsonArray ?? [])
        {
            if (!value.ContainsKey(required!.GetValue<string>()))
                errors.Add($"{path}.{required}: is missing");
        }
        foreach (var (name, member) in value)
        {
            if (members[name] is { } described)
                Check(member, described, $"{path}.{name}", errors);
            else if (schema["additionalProperties"] is { } any)
                Check(member, any, $"{path}.{name}", errors);
            else
                errors.Add($"{path}.{name}: is not described");
        }
    }

    private JsonNode Resolve(JsonNode schema)
    {
        while (schema["$ref"]?.GetValue<string>() is { } reference)
            schema = document["components"]!["schemas"]![reference.Split('/')[^1]]!;
        return schema;
    }

    private static string[] TypesOf(JsonNode schema) => schema["type"] switch
    {
        JsonArray several => [.. several.Select(type => type!.GetValue<string>())],
        { } one => [one.GetValue<string>()],
        _ => [],
    };

    private static bool IsOf(JsonNode? value, string type) => value?.GetValueKind() switch
    {
        null or JsonValueKind.Null => type == "null",
        JsonValueKind.Object => type == "object",
        JsonValueKind.Array => type == "array",
        JsonValueKind.String => type == "string",
        JsonValueKind.Number => type == "number" || type == "integer" && value.AsValue().TryGetValue<long>(out _),
        _ => type == "boolean",
    };
}
