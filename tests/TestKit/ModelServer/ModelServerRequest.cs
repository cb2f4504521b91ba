using System.Text.Json;

namespace Flywheel.TestKit;

/// <summary>What the test double of a model's server was asked.</summary>
internal sealed record ModelServerRequest(string Method, string Path, string Authorization, JsonElement Body)
{
    /// <summary>The contents of the messages of one role (<c>system</c>, <c>user</c>, <c>tool</c>), in their order.</summary>
    public string[] Messages(string role) =>
        [.. Body.GetProperty("messages").EnumerateArray().Where(message => message.GetProperty("role").ValueEquals(role)).Select(TextOf)];

    /// <summary>Names of the functions that the model may call.</summary>
    public string[] Tools =>
        Body.TryGetProperty("tools", out var tools) ? [.. tools.EnumerateArray().Select(tool => tool.GetProperty("function").GetProperty("name").GetString()!)] : [];

    /// <summary>Content is text, or an array of parts.</summary>
    private static string TextOf(JsonElement message) => message.GetProperty("content") is { ValueKind: JsonValueKind.Array } parts
        ? string.Concat(parts.EnumerateArray().Select(part => part.GetProperty("text").GetString()))
        : message.GetProperty("content").GetString()!;
}
