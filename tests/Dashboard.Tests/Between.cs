using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Flywheel.Dashboard.Tests;

/// <summary>A server between page and engine: it passes on all that the engine answers, except the stream of scores, which is its own.</summary>
internal static class Between
{
    /// <param name="engine">Answers everything else.</param>
    /// <param name="stream">Writes the stream, until the page has left.</param>
    public static async Task<WebApplication> StartAsync(HttpClient engine, RequestDelegate stream)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(context => context.Request.Path.Value!.EndsWith("/scores/stream", StringComparison.Ordinal) ? StreamAsync(context, stream) : PassOnAsync(context, engine));
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }

    private static async Task StreamAsync(HttpContext context, RequestDelegate stream)
    {
        context.Response.ContentType = "text/event-stream";
        try
        {
            await stream(context);
        }
        catch (OperationCanceledException)
        {
            // The page has left.
        }
    }

    private static async Task PassOnAsync(HttpContext context, HttpClient engine)
    {
        using var answer = await engine.GetAsync(context.Request.Path + context.Request.QueryString.Value, context.RequestAborted);
        context.Response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers).Where(header => header.Key is "Content-Type" or "Content-Security-Policy"))
            context.Response.Headers[name] = values.ToArray();
        await answer.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }
}
