using System.Globalization;
using System.IO.Hashing;
using Flywheel.Silo.Api.Access;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Flywheel.Silo.Api.Description;

/// <summary>
/// <c>/openapi/v1.json</c>: the API's description, made of the routes when it is first asked for and served from memory from then on. It names no
/// server: which name an engine goes by, whoever asks would say.
/// </summary>
internal static class OpenApiEndpoint
{
    private const string DocumentName = "v1";

    public static void MapDescription(this IEndpointRouteBuilder app)
    {
        // Requests that come together wait for the one that makes it; where that failed, the next one tries again.
        var (making, made) = (new SemaphoreSlim(1), (Built?)null);
        app.MapGet("/openapi/v1.json", async (HttpContext context) =>
        {
            if (Volatile.Read(ref made) is not { } built)
            {
                await making.WaitAsync(context.RequestAborted);
                try
                {
                    built = made ?? await BuildAsync(context.RequestServices);
                    Volatile.Write(ref made, built);
                }
                finally
                {
                    making.Release();
                }
            }
            await SendAsync(context, built);
        }).ExcludeFromDescription().ForAnybody();
    }

    private static async Task<Built> BuildAsync(IServiceProvider services)
    {
        var document = await services.GetRequiredKeyedService<IOpenApiDocumentProvider>(DocumentName).GetOpenApiDocumentAsync(CancellationToken.None);
        using var json = new MemoryStream();
        await document.SerializeAsync(json, OpenApiSpecVersion.OpenApi3_1, OpenApiConstants.Json, CancellationToken.None);
        var utf8 = json.ToArray();
        return new Built(utf8, string.Create(CultureInfo.InvariantCulture, $"\"{XxHash128.HashToUInt128(utf8):x32}\""));
    }

    private static async Task SendAsync(HttpContext context, Built built)
    {
        context.Response.Headers.ETag = built.ETag;
        context.Response.Headers.CacheControl = "no-cache";
        if (KnownTags.Hold(context.Request, built.ETag))
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }
        context.Response.ContentType = "application/json;charset=utf-8";
        context.Response.ContentLength = built.Utf8.Length;
        await context.Response.BodyWriter.WriteAsync(built.Utf8, context.RequestAborted);
    }

    private sealed record Built(byte[] Utf8, string ETag);
}
