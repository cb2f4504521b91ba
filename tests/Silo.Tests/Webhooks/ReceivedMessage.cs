using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Flywheel.Silo.Tests.Webhooks;

/// <summary>A message as it came to a receiver.</summary>
internal sealed record ReceivedMessage(string Path, string Id, string Timestamp, string Signature, string ContentType, string Body)
{
    public JsonNode Json => JsonNode.Parse(Body)!;

    public string Type => Json["type"]!.GetValue<string>();

    public JsonNode Data => Json["data"]!;

    /// <summary>Whether one of the signatures is of this secret, as any receiver works it out, and the time of the attempt is near.</summary>
    public bool IsSignedWith(string secret)
    {
        var key = Convert.FromBase64String(secret.Replace("whsec_", "", StringComparison.Ordinal));
        var expected = $"v1,{Convert.ToBase64String(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{Id}.{Timestamp}.{Body}")))}";
        var age = TimeProvider.System.GetUtcNow() - DateTimeOffset.FromUnixTimeSeconds(long.Parse(Timestamp, CultureInfo.InvariantCulture));
        return Signature.Split(' ').Contains(expected) && age.Duration() < TimeSpan.FromMinutes(5);
    }
}
