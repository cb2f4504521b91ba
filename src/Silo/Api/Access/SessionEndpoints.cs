using System.Text.Json;
using Flywheel.Client;
using Flywheel.Domain.Campaigns;
using Flywheel.Silo.Api.Description;

namespace Flywheel.Silo.Api.Access;

/// <summary><c>/v1/session</c>: a browser signs in with an API key, which it need not keep.</summary>
internal static class SessionEndpoints
{
    private const int MaxBody = 1_024;

    public static void MapSession(this IEndpointRouteBuilder app)
    {
        var session = app.MapGroup("/v1/session").WithTags("Access").ForAnybody();
        session.MapGet("", GetAsync).WithSummary("Whose credential this is, and what it may do; 401 where one is needed").Produces<SessionReport>().ProducesProblem(401);
        session.MapPost("", OpenAsync).WithSummary("Sign in with {\"key\":\"flw_…\"}: a cookie for twelve hours, which ends with the key").Takes<SignIn>().Produces<SessionReport>().ProducesProblem(400).ProducesProblem(401);
        session.MapDelete("", Close).WithSummary("Sign out").Produces(204);
    }

    private static async Task<IResult> GetAsync(HttpContext context, Credentials credentials)
    {
        context.Response.Headers.CacheControl = "no-store";
        var (caller, _) = await credentials.FindAsync(context.Request);
        return caller is null ? Problem.NoCredential(context) : Results.Ok(ReportOf(caller, credentials));
    }

    private static async Task<IResult> OpenAsync(HttpContext context, Credentials credentials, CancellationToken cancellationToken)
    {
        context.Response.Headers.CacheControl = "no-store";
        using var body = await RequestBody.ReadAsync(context.Request, MaxBody, cancellationToken);
        if (KeyOf(body.Span) is not { } key)
            return Problem.BadRequest(new FieldError("key", "nothing", "an API key as {\"key\":\"flw_…\"}"));
        if (credentials.Open(key) is not var (caller, cookie))
            return credentials.AreNeeded ? Problem.NoCredential(context) : Results.Ok(ReportOf(Credentials.Anybody, credentials));
        context.Response.Cookies.Append(Sessions.Cookie, cookie, CookieFor(context, Sessions.Life));
        return Results.Ok(ReportOf(caller, credentials));
    }

    private static IResult Close(HttpContext context)
    {
        context.Response.Cookies.Append(Sessions.Cookie, "", CookieFor(context, TimeSpan.Zero));
        return Results.NoContent();
    }

    /// <summary>Not for scripts, and never sent from another site's page.</summary>
    private static CookieOptions CookieFor(HttpContext context, TimeSpan life) =>
        new() { HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = context.Request.IsHttps, Path = "/", MaxAge = life };

    private static SessionReport ReportOf(Caller caller, Credentials credentials) => new(credentials.AreNeeded, caller.Tenant, caller.RoleName);

    private static string? KeyOf(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize<SignIn>(json, JsonSerializerOptions.Web)?.Key;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
