using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Flywheel.Domain.Webhooks;

/// <summary>Secrets and signatures of Standard Webhooks, https://github.com/standard-webhooks/standard-webhooks: HMAC-SHA256, version <c>v1</c>.</summary>
public static class WebhookSecret
{
    private const string Prefix = "whsec_";

    /// <summary>Random bytes that a secret is made of; the standard asks for 24 to 64.</summary>
    public const int Length = 32;

    public static string Of(ReadOnlySpan<byte> random) => Prefix + Convert.ToBase64String(random);

    /// <summary>Signs what is sent: id, time of the attempt and body, with full stops between.</summary>
    /// <param name="secret">As <see cref="Of"/> made it.</param>
    /// <param name="unixSeconds">When the attempt is made.</param>
    /// <returns><c>v1,</c> and the signature as base64.</returns>
    public static string Sign(string secret, string id, long unixSeconds, string body)
    {
        var signed = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{unixSeconds}.{body}"));
        return $"v1,{Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(secret[Prefix.Length..]), signed))}";
    }
}
