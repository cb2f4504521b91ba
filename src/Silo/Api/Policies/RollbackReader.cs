using System.Text.Json;
using Flywheel.Client;
using Flywheel.Domain.Campaigns;

namespace Flywheel.Silo.Api.Policies;

/// <summary>Reads <c>{"to":"2026-05-04T09:55:00Z"}</c>, with <c>"segment"</c> where one alone is to go back.</summary>
internal static class RollbackReader
{
    public const int MaxBody = 4 * 1024;

    private const string Form = "{\"to\":\"2026-05-04T09:55:00Z\"}, with \"segment\" for one of them, each member once";
    private const string TimeForm = "an RFC 3339 time such as 2026-05-04T09:55:00Z, that has passed";

    private static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false };

    /// <param name="body">What came.</param>
    /// <param name="now">No policy is of a later time.</param>
    /// <param name="error">What is wrong; null where nothing is.</param>
    /// <returns>Null where something is wrong.</returns>
    public static RollbackRequest? Read(ReadOnlyMemory<byte> body, DateTimeOffset now, out FieldError? error)
    {
        error = null;
        try
        {
            using var document = JsonDocument.Parse(body, Options);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || root.EnumerateObject().Any(member => member.Name is not ("to" or "segment")))
            {
                error = new FieldError("", Problem.Shorten(root.GetRawText()), Form);
                return null;
            }
            if (!root.TryGetProperty("to", out var to))
                error = new FieldError("to", "nothing", TimeForm);
            else if (to.ValueKind != JsonValueKind.String || !to.TryGetDateTimeOffset(out var time) || time > now)
                error = new FieldError("to", Problem.Shorten(to.GetRawText()), TimeForm);
            else
                return new RollbackRequest(time) { Segment = SegmentOf(root, ref error) } is var read && error is null ? read : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            error = new FieldError("", $"malformed JSON ({JsonText.FaultOf(e)})", Form);
        }
        return null;
    }

    private static string? SegmentOf(JsonElement root, ref FieldError? error)
    {
        if (!root.TryGetProperty("segment", out var segment) || segment.ValueKind == JsonValueKind.Null)
            return null;
        if (segment.ValueKind == JsonValueKind.String && segment.GetString() is { Length: > 0 } id)
            return id;
        error = new FieldError("segment", Problem.Shorten(segment.GetRawText()), "the id of a segment");
        return null;
    }
}
