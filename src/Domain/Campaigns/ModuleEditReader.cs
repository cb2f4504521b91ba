using System.Text.Json;
using System.Text.Unicode;

namespace Flywheel.Domain.Campaigns;

/// <summary>Reads a person's version of a module: <c>{"content":{…},"attributes":{…},"comment":"…"}</c>, of which <c>content</c> is required.</summary>
public static class ModuleEditReader
{
    /// <summary>Content begins at this depth here.</summary>
    private const int ContentDepth = 2;

    /// <summary>What is taken here becomes a part of the campaign, and has to be read again there.</summary>
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = CampaignReader.MaxDepth - CampaignReader.ContentDepth + ContentDepth, AllowDuplicateProperties = false };

    /// <param name="utf8">The document.</param>
    /// <param name="slot">Says what its content has to have.</param>
    /// <param name="longest">Characters of a comment.</param>
    /// <param name="edit">Null where something is wrong.</param>
    /// <param name="errors">What is wrong, by field; empty for nothing.</param>
    public static bool TryRead(ReadOnlyMemory<byte> utf8, Slot slot, int longest, out ModuleEdit? edit, out IReadOnlyList<FieldError> errors)
    {
        edit = null;
        var reader = new DocumentReader();
        try
        {
            if (!Utf8.IsValid(utf8.Span))
                throw new JsonException(JsonText.NoUtf8);
            using var document = JsonDocument.Parse(utf8, Options);
            if (reader.IsObject(document.RootElement, "", "content", "attributes", "comment"))
            {
                if (!document.RootElement.TryGetProperty("content", out _))
                    reader.Add("content", "nothing", "an object");
                var (content, attributes) = CampaignReader.ReadModuleParts(reader, document.RootElement, slot.Kind, slot.MaxLength);
                edit = new ModuleEdit(content, attributes, reader.Text(document.RootElement, "", "comment", longest));
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            reader.Add("", $"malformed JSON ({JsonText.FaultOf(e)})", "{\"content\":{…}}, each member once");
        }
        errors = reader.Errors;
        if (errors.Count > 0)
            edit = null;
        return edit is not null;
    }
}
