using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Flywheel.Decisions;

namespace Flywheel.Domain.Access;

/// <summary>The text of an API key: <c>flw_</c> and 32 random bytes in base64url. It is shown once, when it is made.</summary>
public static class ApiKeyText
{
    public const string Prefix = "flw_";
    public const int Length = 4 + 43;
    private const int RandomBytes = 32;
    private const int IdDigits = 8;

    public static string New() => Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes));

    public static bool LooksLikeOne(ReadOnlySpan<char> text) => text.Length == Length && text.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>What is kept of a key.</summary>
    /// <param name="text">See <see cref="New"/>.</param>
    /// <param name="tenant">See <see cref="CampaignKeys.IsTenant"/>.</param>
    /// <param name="role">One of <see cref="Roles.Names"/>.</param>
    public static ApiKey Keep(string text, string tenant, string role)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        return new ApiKey(hash[..IdDigits], tenant, role, hash);
    }
}
