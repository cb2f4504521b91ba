using Microsoft.Net.Http.Headers;

namespace Flywheel.Silo.Api.Access;

/// <summary>Which pages of other origins may read the API from a browser (CORS). They say who they are with a key, never with a cookie, and change nothing.</summary>
internal static class OtherOrigins
{
    private static readonly TimeSpan AskedAgainAfter = TimeSpan.FromHours(1);

    /// <param name="origins">Such as <c>https://desk.example</c>; none for no page but the engine's own.</param>
    public static void UseReadingFrom(this IApplicationBuilder app, IReadOnlyList<string> origins)
    {
        if (origins.Count == 0)
            return;
        app.UseCors(policy => policy
            .WithOrigins([.. origins])
            .WithMethods(HttpMethods.Get)
            .WithHeaders(HeaderNames.Authorization, HeaderNames.IfNoneMatch, "Last-Event-ID")
            .WithExposedHeaders(HeaderNames.ETag, HeaderNames.RetryAfter)
            .SetPreflightMaxAge(AskedAgainAfter));
    }
}
