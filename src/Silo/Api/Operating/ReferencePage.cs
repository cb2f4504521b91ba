using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Flywheel.Silo.Api.Access;
using Scalar.AspNetCore;

namespace Flywheel.Silo.Api.Operating;

/// <summary><c>/docs</c>: the API's description as pages, by Scalar, from this engine alone.</summary>
internal static partial class ReferencePage
{
    private const string Path = "/docs";

    public static void MapReference(this IEndpointRouteBuilder app) => app.MapScalarApiReference(Path, options => options
        .WithTitle("Flywheel: the API")
        .DisableDefaultFonts()
        .HideDeveloperTools()
        .DisableTelemetry()
        .DisableAgent()).ForAnybody();

    /// <summary>
    /// The page starts itself by a script that stands in it, which differs with the address it is asked at: the policy that goes with it
    /// allows just that one.
    /// </summary>
    public static void UseReferencePolicy(this IApplicationBuilder app) => app.UseWhen(context => context.Request.Path.Value is Path or Path + "/", page => page.Use(async (context, next) =>
    {
        var body = context.Response.Body;
        using var held = new MemoryStream();
        context.Response.Body = held;
        try
        {
            await next(context);
        }
        finally
        {
            context.Response.Body = body;
        }
        var html = Encoding.UTF8.GetString(held.ToArray());
        var hashes = string.Join(' ', Inline().Matches(html).Select(script => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script.Groups[1].Value)))}'"));
        context.Response.Headers.ContentSecurityPolicy =
            $"default-src 'none'; script-src 'self' {hashes}; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; font-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        await body.WriteAsync(held.ToArray(), context.RequestAborted);
    }));

    [GeneratedRegex("<script(?: type=\"module\")?>([\\s\\S]*?)</script>")]
    private static partial Regex Inline();
}
