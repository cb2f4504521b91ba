using Flywheel.Decisions;
using Flywheel.Domain.Access;

namespace Flywheel.Silo.Api.Access;

/// <summary>Finds out on whose behalf a request comes.</summary>
/// <param name="ring">API keys; null where none are used.</param>
/// <param name="bearers">Tokens of an identity provider; null where none are taken.</param>
/// <param name="sessions">Browsers that signed in; null where there are no API keys.</param>
internal sealed class Credentials(KeyRing? ring, BearerTokens? bearers, Sessions? sessions, TimeProvider time)
{
    private const string Scheme = "Bearer ";
    private const string KeyHeader = "X-Api-Key";

    /// <summary>Who calls where nobody has to say: the engine is reached from its own machine alone.</summary>
    public static readonly Caller Anybody = new("", CampaignKeys.DefaultTenant, Roles.Named("admin")) { RoleName = "admin" };

    /// <summary>Who calls a route that is for anybody, where others have to say who they are.</summary>
    public static readonly Caller Nobody = new("", CampaignKeys.DefaultTenant, Role.None);

    /// <summary>Whether callers have to say who they are.</summary>
    public bool AreNeeded => ring is not null || bearers is not null;

    /// <summary>Who calls, null where the request has no credential that holds; and whether a browser's cookie said so.</summary>
    public async ValueTask<(Caller? Caller, bool IsCookie)> FindAsync(HttpRequest request)
    {
        if (!AreNeeded)
            return (Anybody, false);
        if (Presented(request) is { } text)
            return (Holding(ring?.Find(text) ?? (bearers is null ? null : await bearers.FindAsync(text))), false);
        if (sessions is not null && request.Cookies.TryGetValue(Sessions.Cookie, out var cookie))
            return (Holding(await sessions.FindAsync(cookie)), true);
        return (null, false);
    }

    /// <summary>Whose key it is, and the cookie that stands for it; null where it holds for nobody.</summary>
    public (Caller Caller, string Cookie)? Open(string key) => Holding(ring?.Find(key)) is { } caller ? (caller, sessions!.Open(caller)) : null;

    private static string? Presented(HttpRequest request)
    {
        string? authorization = request.Headers.Authorization;
        if (authorization?.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) == true)
            return authorization[Scheme.Length..].Trim();
        string? key = request.Headers[KeyHeader];
        return string.IsNullOrEmpty(key) ? null : key;
    }

    private Caller? Holding(Caller? caller) => caller?.ExpiresAt <= time.GetUtcNow() ? null : caller;
}
