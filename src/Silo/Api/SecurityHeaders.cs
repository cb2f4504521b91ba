namespace Flywheel.Silo.Api;

/// <summary>What browsers are told about every answer but decisions, which no browser asks for.</summary>
internal static class SecurityHeaders
{
    private const string ForData = "default-src 'none'; frame-ancestors 'none'";
    private const string OneYear = "max-age=31536000";

    public static void UseSecurityHeaders(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        AddTo(context);
        return next(context);
    });

    public static void AddTo(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        // A page has a policy of its own.
        headers.ContentSecurityPolicy = ForData;
        if (context.Request.IsHttps)
            headers.StrictTransportSecurity = OneYear;
    }
}
