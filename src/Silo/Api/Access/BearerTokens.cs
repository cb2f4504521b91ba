using System.IO.Hashing;
using System.Security.Cryptography;
using System.Text;
using Flywheel.Decisions;
using Flywheel.Domain.Access;
using Flywheel.Silo.Hosting;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Flywheel.Silo.Api.Access;

/// <summary>
/// JSON Web Tokens of an identity provider, as an alternative to API keys: signed by one of the keys in a file (a JWK set), with the issuer, the
/// audience and the algorithm that the engine was started with, and a time at which they end. The claims <c>tenant</c> and <c>role</c> say the rest.
/// </summary>
internal sealed class BearerTokens(JwtOptions options) : IWatchedFile
{
    public const string TenantClaim = "tenant";
    public const string RoleClaim = "role";

    /// <summary>A token is longer than this only by mistake.</summary>
    private const int MaxLength = 8 * 1024;

    /// <summary>Subjects whose requests are counted apart; of more, some share what they may send.</summary>
    private const int SubjectsApart = 16_384;

    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);

    private readonly JsonWebTokenHandler _handler = new() { MaximumTokenSizeInBytes = MaxLength };

    /// <summary>Nobody can choose a subject that shares with another's.</summary>
    private readonly long _seed = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long)));
    private TokenValidationParameters? _rules;

    public string Path => options.Keys;

    public void Take(byte[] content)
    {
        IList<SecurityKey> keys;
        try
        {
            keys = new JsonWebKeySet(Encoding.UTF8.GetString(content)).GetSigningKeys();
        }
        catch (Exception e) when (e is ArgumentException or System.Text.Json.JsonException or SecurityTokenException)
        {
            throw new FormatException($"came no JWK set ({e.Message}); expected {{\"keys\":[…]}}", e);
        }
        if (keys.Count == 0)
            throw new FormatException("came no key that can verify; expected a JWK set with public keys");
        Volatile.Write(ref _rules, new TokenValidationParameters
        {
            ValidIssuer = options.Issuer,
            ValidAudience = options.Audience,
            ValidAlgorithms = [options.Algorithm],
            IssuerSigningKeys = keys,
            RequireExpirationTime = true,
            RequireSignedTokens = true,
            ClockSkew = ClockSkew,
        });
    }

    /// <summary>On whose behalf a token speaks; null where it is not to be trusted, or says no tenant or role that there is.</summary>
    public async ValueTask<Caller?> FindAsync(string text)
    {
        if (text.Length > MaxLength || Volatile.Read(ref _rules) is not { } rules)
            return null;
        var result = await _handler.ValidateTokenAsync(text, rules);
        if (!result.IsValid || result.SecurityToken is not JsonWebToken token)
            return null;
        try
        {
            return CallerOf(token);
        }
        catch (InvalidOperationException)
        {
            // A claim that is no text, and within it bytes that are no UTF-8.
            return null;
        }
    }

    private Caller? CallerOf(JsonWebToken token)
    {
        var (tenant, role) = (Claim(token, TenantClaim), Claim(token, RoleClaim));
        return tenant is null || !CampaignKeys.IsTenant(tenant) || Roles.Named(role) == Role.None ? null
            : new Caller($"jwt:{token.Subject}", tenant, Roles.Named(role))
            {
                RoleName = role!,
                ExpiresAt = token.ValidTo,
                RequestsPerSecond = options.RequestsPerSecond,
                LimitedAs = $"jwt:{XxHash64.HashToUInt64(Encoding.UTF8.GetBytes(token.Subject ?? ""), _seed) % SubjectsApart}",
            };
    }

    private static string? Claim(JsonWebToken token, string name) => token.TryGetPayloadValue<string>(name, out var value) ? value : null;
}
