using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Flywheel.Silo.Api.Mcp;

/// <summary>
/// Looks at a message before the protocol's library does, which takes parameters of a wrong shape for a defect of the server. What is wrong gets the
/// error that JSON-RPC has for it.
/// </summary>
internal static class McpMessages
{
    /// <summary>JSON-RPC 2.0, section 5.1.</summary>
    private const int ParseError = -32700;

    /// <summary>What each method takes, as far as this server answers it.</summary>
    private static readonly Dictionary<string, Type> Parameters = new(StringComparer.Ordinal)
    {
        [RequestMethods.Initialize] = typeof(InitializeRequestParams),
        [RequestMethods.ToolsList] = typeof(ListToolsRequestParams),
        [RequestMethods.ToolsCall] = typeof(CallToolRequestParams),
        [RequestMethods.ResourcesList] = typeof(ListResourcesRequestParams),
        [RequestMethods.ResourcesTemplatesList] = typeof(ListResourceTemplatesRequestParams),
        [RequestMethods.ResourcesRead] = typeof(ReadResourceRequestParams),
    };

    /// <summary>Answers a message that cannot be read, and hands all others on.</summary>
    /// <param name="next">The protocol's library.</param>
    /// <param name="invalid">Is told of what is answered here.</param>
    /// <exception cref="BadHttpRequestException">The body is larger than <paramref name="most"/> bytes (413).</exception>
    public static async Task ReadAsync(HttpContext context, int most, RequestDelegate next, Action<HttpContext> invalid)
    {
        // What is no JSON is the library's to turn away.
        if (!HttpMethods.IsPost(context.Request.Method) || !context.Request.HasJsonContentType() || context.Request.Headers.ContentEncoding.Count > 0)
        {
            await next(context);
            return;
        }
        byte[] bytes;
        using (var body = await RequestBody.ReadAsync(context.Request, most, context.RequestAborted))
            bytes = body.Memory.ToArray();
        if (WhatIsWrong(bytes) is { } error)
        {
            invalid(context);
            context.Response.StatusCode = error.Error.Code != (int)McpErrorCode.InvalidParams ? StatusCodes.Status400BadRequest : StatusCodes.Status200OK;
            await context.Response.WriteAsJsonAsync<JsonRpcMessage>(error, McpJsonUtilities.DefaultOptions, context.RequestAborted);
            return;
        }
        context.Request.Body = new MemoryStream(bytes, writable: false);
        await next(context);
    }

    private static JsonRpcError? WhatIsWrong(byte[] bytes)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(bytes);
        }
        catch (JsonException e)
        {
            return Error(default, ParseError, $"came malformed JSON at byte {e.BytePositionInLine} of line {e.LineNumber + 1}; expected a message of JSON-RPC 2.0");
        }
        using (document)
        {
            try
            {
                return WhatIsWrong(document.RootElement);
            }
            catch (InvalidOperationException)
            {
                return Error(default, (int)McpErrorCode.InvalidRequest, "came half a surrogate pair within a name or a text; expected a message of JSON-RPC 2.0");
            }
        }
    }

    /// <exception cref="InvalidOperationException">A text holds half a surrogate pair, and JsonElement has no other way to say so.</exception>
    private static JsonRpcError? WhatIsWrong(JsonElement message)
    {
        if (message.ValueKind != JsonValueKind.Object || !message.TryGetProperty("params", out var parameters) || parameters.ValueKind == JsonValueKind.Null
            || !message.TryGetProperty("method", out var method) || method.ValueKind != JsonValueKind.String
            || Parameters.Keys.FirstOrDefault(method.ValueEquals) is not { } name)
            return null;
        try
        {
            parameters.Deserialize(Parameters[name], McpJsonUtilities.DefaultOptions);
            return null;
        }
        catch (JsonException e)
        {
            return Error(IdOf(message), (int)McpErrorCode.InvalidParams, $"params{e.Path?.TrimStart('$')}: came {Problem.Shorten(parameters.GetRawText())}; expected what the protocol's schema says of {name}");
        }
    }

    private static RequestId IdOf(JsonElement message) => !message.TryGetProperty("id", out var id) ? default
        : id.ValueKind == JsonValueKind.String ? new RequestId(id.GetString()!)
        : id.ValueKind == JsonValueKind.Number && id.TryGetInt64(out var number) ? new RequestId(number)
        : default;

    private static JsonRpcError Error(RequestId id, int code, string message) => new() { Id = id, Error = new JsonRpcErrorDetail { Code = code, Message = message } };
}
