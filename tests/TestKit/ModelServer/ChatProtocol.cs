using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Flywheel.TestKit;

/// <summary>
/// The part of OpenAI's chat protocol that the test double speaks (platform.openai.com/docs/api-reference/chat): requests are checked as a
/// strict server would, answers come whole or as server-sent events.
/// </summary>
internal static class ChatProtocol
{
    private const int PieceLength = 16;

    /// <summary>Null for a request that a server would take.</summary>
    public static string? WhatIsWrong(ModelServerRequest request)
    {
        if (request is not { Method: "POST", Path: "/v1/chat/completions" })
            return $"expected POST /v1/chat/completions, came {request.Method} {request.Path}";
        if (!request.Body.TryGetProperty("model", out var model) || model.ValueKind != JsonValueKind.String)
            return "model is missing";
        if (!request.Body.TryGetProperty("messages", out var messages) || messages.GetArrayLength() == 0)
            return "messages are missing";
        if (request.Body.TryGetProperty("response_format", out var format) && format.GetProperty("type").ValueEquals("json_schema"))
            return format.GetProperty("json_schema") is var form && form.GetProperty("strict").GetBoolean() ? WhatIsWrong(form.GetProperty("schema")) : "expected a strict schema";
        return null;
    }

    public static Task SendAsync(HttpContext context, JsonElement request, ModelMessage message) =>
        request.TryGetProperty("stream", out var stream) && stream.GetBoolean() ? StreamAsync(context, message) : WholeAsync(context, message);

    /// <summary>Structured output takes objects whose members are all required and that allow no other.</summary>
    private static string? WhatIsWrong(JsonElement schema)
    {
        if (schema.TryGetProperty("items", out var items))
            return WhatIsWrong(items);
        if (!schema.GetProperty("type").ValueEquals("object"))
            return null;
        var members = schema.GetProperty("properties").EnumerateObject().ToArray();
        var required = schema.GetProperty("required").EnumerateArray().Select(name => name.GetString()!).ToArray();
        if (schema.GetProperty("additionalProperties").GetBoolean() || !required.Order().SequenceEqual(members.Select(member => member.Name).Order()))
            return "expected additionalProperties false and every member required";
        return members.Where(member => member.Value.GetProperty("type").ValueKind == JsonValueKind.String).Select(member => WhatIsWrong(member.Value)).FirstOrDefault(wrong => wrong is not null);
    }

    private static Task WholeAsync(HttpContext context, ModelMessage message)
    {
        var said = new JsonObject { ["role"] = "assistant", ["content"] = message.Text };
        if (message.Refusal is not null)
            said["refusal"] = message.Refusal;
        if (message.Calls.Length > 0)
            said["tool_calls"] = Calls(message);
        var document = Envelope("chat.completion", new JsonObject { ["index"] = 0, ["message"] = said, ["finish_reason"] = FinishOf(message) });
        if (message.Input is not null)
            document["usage"] = Usage(message);
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(document.ToJsonString(), context.RequestAborted);
    }

    private static async Task StreamAsync(HttpContext context, ModelMessage message)
    {
        context.Response.ContentType = "text/event-stream";
        if (message.Calls.Length > 0)
            await PieceAsync(new JsonObject { ["role"] = "assistant", ["tool_calls"] = Calls(message) }, null);
        foreach (var piece in (message.Text ?? "").Chunk(PieceLength))
            await PieceAsync(new JsonObject { ["role"] = "assistant", ["content"] = new string(piece) }, null);
        await PieceAsync([], FinishOf(message));
        await context.Response.WriteAsync("data: [DONE]\n\n", context.RequestAborted);

        async Task PieceAsync(JsonObject delta, string? finish)
        {
            var piece = Envelope("chat.completion.chunk", new JsonObject { ["index"] = 0, ["delta"] = delta, ["finish_reason"] = finish });
            await context.Response.WriteAsync($"data: {piece.ToJsonString()}\n\n", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }
    }

    private static JsonObject Envelope(string kind, JsonObject choice) =>
        new() { ["id"] = "chatcmpl-1", ["object"] = kind, ["created"] = 1_700_000_000, ["model"] = "double", ["choices"] = new JsonArray(choice) };

    private static JsonArray Calls(ModelMessage message) => new([.. message.Calls.Select((name, i) => new JsonObject
    {
        ["index"] = i,
        ["id"] = $"call-{i}",
        ["type"] = "function",
        ["function"] = new JsonObject { ["name"] = name, ["arguments"] = "{}" },
    })]);

    private static JsonObject Usage(ModelMessage message) =>
        new() { ["prompt_tokens"] = message.Input, ["completion_tokens"] = message.Output, ["total_tokens"] = message.Input + message.Output };

    private static string FinishOf(ModelMessage message) => message.Finish ?? (message.Calls.Length > 0 ? "tool_calls" : "stop");
}
