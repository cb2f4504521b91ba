using System.Text;
using System.Text.Json;
using Flywheel.Domain.Campaigns;

namespace Flywheel.Silo.Api.Ofrep;

/// <summary>The evaluation context of a request: who it is for, and what is known of them.</summary>
/// <param name="TargetingKey">The unit, as UTF-8.</param>
/// <param name="Json">All of the context, as UTF-8 JSON.</param>
internal sealed record OfrepContext(byte[] TargetingKey, byte[] Json)
{
    private const string Key = "targetingKey";

    /// <summary>Reads <c>{"context":{"targetingKey":"…",…}}</c>; null, and what is wrong, where it is none.</summary>
    public static OfrepContext? Read(ReadOnlyMemory<byte> body, out OfrepError? error)
    {
        error = null;
        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("context", out var context) || context.ValueKind != JsonValueKind.Object)
                error = new OfrepError(OfrepError.InvalidContext, "context: came none, or no object; expected {\"context\":{\"targetingKey\":\"…\"}}");
            else if (!context.TryGetProperty(Key, out var key) || key.ValueKind != JsonValueKind.String || key.GetString() is not { Length: > 0 } unit)
                error = new OfrepError(OfrepError.TargetingKeyMissing, $"context.targetingKey: came {(context.TryGetProperty(Key, out var came) ? Problem.Shorten(came.GetRawText()) : "none")}; expected the unit that is decided for, as text");
            else
                return new OfrepContext(Encoding.UTF8.GetBytes(unit), Encoding.UTF8.GetBytes(context.GetRawText()));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            error = new OfrepError(OfrepError.ParseError, $"came malformed JSON ({JsonText.FaultOf(e)}); expected {{\"context\":{{\"targetingKey\":\"…\"}}}}");
        }
        return null;
    }
}
