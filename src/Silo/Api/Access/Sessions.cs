using System.Security.Cryptography;
using Flywheel.Decisions;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Flywheel.Silo.Api.Access;

/// <summary>
/// A browser's sign-in: a cookie that names the API key which was shown once, signed with a key that is made of the engine's token keys. Every
/// silo knows it, none keeps it, and it ends with the API key.
/// </summary>
internal sealed class Sessions(KeyRing ring, TokenKeys keys, TimeProvider time)
{
    public const string Cookie = "flywheel-session";

    public static readonly TimeSpan Life = TimeSpan.FromHours(12);

    private const string Purpose = "flywheel session";

    private readonly JsonWebTokenHandler _handler = new() { SetDefaultTimesOnTokenCreation = false };

    /// <summary>The cookie's text for the holder of this key.</summary>
    public string Open(Caller caller) => _handler.CreateToken(new SecurityTokenDescriptor
    {
        Issuer = Purpose,
        Audience = Purpose,
        Claims = new Dictionary<string, object> { [JwtRegisteredClaimNames.Sub] = caller.Name },
        Expires = time.GetUtcNow().Add(Life).UtcDateTime,
        SigningCredentials = new SigningCredentials(SigningKeys()[0], SecurityAlgorithms.HmacSha256),
    });

    /// <summary>Who signed in; null where the cookie is not ours, has ended, or its API key is gone.</summary>
    public async ValueTask<Caller?> FindAsync(string cookie)
    {
        var result = await _handler.ValidateTokenAsync(cookie, new TokenValidationParameters
        {
            ValidIssuer = Purpose,
            ValidAudience = Purpose,
            ValidAlgorithms = [SecurityAlgorithms.HmacSha256],
            IssuerSigningKeys = SigningKeys(),
            ClockSkew = TimeSpan.Zero,
            LifetimeValidator = (_, expires, _, _) => expires is { } end && end > time.GetUtcNow().UtcDateTime,
        });
        return result.IsValid && result.SecurityToken is JsonWebToken token ? ring.Named(token.Subject) : null;
    }

    private SymmetricSecurityKey[] SigningKeys() => [.. keys.All.Select(key => new SymmetricSecurityKey(HKDF.DeriveKey(HashAlgorithmName.SHA256, key, TokenKeys.KeyBytes, info: System.Text.Encoding.ASCII.GetBytes(Purpose))))];
}
