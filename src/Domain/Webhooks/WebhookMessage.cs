using System.Buffers;
using System.IO.Hashing;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Flywheel.Domain.Campaigns;

namespace Flywheel.Domain.Webhooks;

/// <summary>One thing that happened, as webhooks are told of it. Never changed once it is made: its body is what is signed.</summary>
/// <param name="Id"><c>msg_</c> and 32 hex digits; the same at every attempt and for every webhook.</param>
/// <param name="Type">One of <see cref="WebhookEvents"/>.</param>
/// <param name="Campaign">The campaign's id as its tenant knows it; null where it is about none.</param>
/// <param name="Body">JSON: <c>{"type":"…","timestamp":"…","data":{…}}</c>; of a proposal some 10 KB at most, of all else less than 1 KB.</param>
public sealed record WebhookMessage(string Id, string Type, string? Campaign, string Body)
{
    /// <param name="origin">What it is about, and which time: of the same type and origin a message has the same id, whatever the figures have become meanwhile.</param>
    /// <param name="at">When it was seen.</param>
    public static WebhookMessage New(string type, string? campaign, string origin, JsonObject data, DateTimeOffset at)
    {
        var hash = new XxHash128();
        foreach (var part in (string[])[origin, type])
            hash.Append(Encoding.UTF8.GetBytes($"{part.Length}:{part}"));
        var body = new JsonObject { ["type"] = type, ["timestamp"] = at.UtcDateTime, ["data"] = data };
        return new WebhookMessage($"msg_{Convert.ToHexStringLower(hash.GetCurrentHash())}", type, campaign, Text(body));
    }

    private static string Text(JsonObject json)
    {
        var bytes = new ArrayBufferWriter<byte>(1_024);
        using (var writer = new Utf8JsonWriter(bytes, JsonText.Compact))
            json.WriteTo(writer);
        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }
}
