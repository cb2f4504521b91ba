using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Unicode;
using Flywheel.Decisions;
using Flywheel.Domain.Campaigns;

namespace Flywheel.Domain.Webhooks;

/// <summary>Reads <c>{"url":"https://…","events":[…],"campaigns":[…],"description":"…","enabled":true}</c>, of which <c>url</c> is required.</summary>
public static class WebhookReader
{
    public const int MaxUrl = 2_048;
    public const int MaxCampaigns = 64;
    public const int MaxDescription = 200;

    private const string ExpectedUrl = "an absolute http or https address without a user or a fragment, such as https://hooks.example.com/flywheel";

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 4, AllowDuplicateProperties = false };

    /// <param name="json">UTF-8 JSON.</param>
    /// <param name="errors">What is wrong; empty where a definition is returned.</param>
    public static WebhookDefinition? Read(ReadOnlyMemory<byte> json, out IReadOnlyList<FieldError> errors)
    {
        var reader = new DocumentReader();
        WebhookDefinition? read = null;
        try
        {
            if (!Utf8.IsValid(json.Span))
                throw new JsonException(JsonText.NoUtf8);
            using var document = JsonDocument.Parse(json, Options);
            if (reader.IsObject(document.RootElement, "", "url", "events", "campaigns", "description", "enabled"))
                read = ReadMembers(reader, document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            reader.Add("", $"malformed JSON ({JsonText.FaultOf(e)})", "{\"url\":\"https://…\"}, each member once");
        }
        errors = reader.Errors;
        return errors.Count == 0 ? read : null;
    }

    private static WebhookDefinition ReadMembers(DocumentReader reader, JsonElement root) => new(ReadUrl(reader, root))
    {
        Events = Once(reader, "events", reader.Array(root, "", "events", 1, WebhookEvents.All.Count, required: false, (element, field) =>
            Known(reader, element, field, WebhookEvents.All.Contains, $"one of {string.Join(", ", WebhookEvents.All)}"))),
        Campaigns = Once(reader, "campaigns", reader.Array(root, "", "campaigns", 1, MaxCampaigns, required: false, (element, field) => Known(reader, element, field, id => Ids.IsValid(id), Ids.Pattern))),
        Description = reader.Text(root, "", "description", MaxDescription),
        IsEnabled = ReadEnabled(reader, root),
    };

    private static ImmutableArray<string> Once(DocumentReader reader, string field, ImmutableArray<string> texts)
    {
        if (texts.CountBy(text => text).FirstOrDefault(same => same.Value > 1) is { Value: > 1 } twice)
            reader.Add(field, $"\"{twice.Key}\" twice", "each once");
        return texts;
    }

    private static string ReadUrl(DocumentReader reader, JsonElement root)
    {
        if (!root.TryGetProperty("url", out _))
            reader.Add("url", "nothing", ExpectedUrl);
        else if (reader.Text(root, "", "url", MaxUrl) is { } text)
        {
            if (Uri.TryCreate(text, UriKind.Absolute, out var url) && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps)
                && url.Host.Length > 0 && url.UserInfo.Length == 0 && url.Fragment.Length == 0)
                return text;
            reader.Add("url", $"\"{DocumentReader.Shorten(text)}\"", ExpectedUrl);
        }
        return "";
    }

    private static string? Known(DocumentReader reader, JsonElement element, string field, Func<string, bool> isKnown, string expected)
    {
        if (element.ValueKind == JsonValueKind.String && element.GetString() is { } text && isKnown(text))
            return text;
        reader.Add(field, DocumentReader.Describe(element), expected);
        return null;
    }

    private static bool ReadEnabled(DocumentReader reader, JsonElement root)
    {
        if (!root.TryGetProperty("enabled", out var element))
            return true;
        if (element.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
            reader.Add("enabled", DocumentReader.Describe(element), "true or false");
        return element.ValueKind == JsonValueKind.True;
    }
}
