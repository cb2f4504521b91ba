using System.Text.Json;
using Flywheel.Client;
using Flywheel.Domain.Campaigns;

namespace Flywheel.Silo.Api.Messaging;

/// <summary>Reads what comes with a decision on a proposal: nothing, or <c>{"comment":"…"}</c>, and with an approval <c>"revision":2</c>.</summary>
internal static class DecisionReader
{
    public const int MaxComment = 1_000;

    private static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false };

    /// <returns>Null where something is wrong.</returns>
    public static Approval? Read(ReadOnlyMemory<byte> body, bool takesRevision, out FieldError? error)
    {
        error = null;
        if (body.IsEmpty)
            return new Approval(null, null);
        var form = takesRevision ? "{\"comment\":\"…\",\"revision\":1}, each member once, or nothing" : "{\"comment\":\"…\"}, once, or nothing";
        try
        {
            using var document = JsonDocument.Parse(body, Options);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || root.EnumerateObject().Any(member => !(member.Name == "comment" || (takesRevision && member.Name == "revision"))))
                error = new FieldError("", Problem.Shorten(root.GetRawText()), form);
            else
                return new Approval(CommentOf(root, ref error), RevisionOf(root, ref error)) is var read && error is null ? read : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            error = new FieldError("", $"malformed JSON ({JsonText.FaultOf(e)})", form);
        }
        return null;
    }

    private static string? CommentOf(JsonElement root, ref FieldError? error)
    {
        if (!root.TryGetProperty("comment", out var text) || text.ValueKind == JsonValueKind.Null)
            return null;
        var comment = text.ValueKind == JsonValueKind.String ? text.GetString() : null;
        if (comment is null || comment.Length > MaxComment)
            error = new FieldError("comment", comment is null ? Problem.Shorten(text.GetRawText()) : $"{comment.Length} characters", $"text of at most {MaxComment} characters");
        return comment;
    }

    private static int? RevisionOf(JsonElement root, ref FieldError? error)
    {
        if (!root.TryGetProperty("revision", out var number) || number.ValueKind == JsonValueKind.Null)
            return null;
        if (number.ValueKind == JsonValueKind.Number && number.TryGetInt32(out var revision) && revision >= 1)
            return revision;
        error = new FieldError("revision", Problem.Shorten(number.GetRawText()), "the revision of the proposal, a whole number from 1 on");
        return null;
    }
}
