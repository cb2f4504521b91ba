using Flywheel.Silo.Api.Access;
using Flywheel.Silo.Metrics;
using Microsoft.AspNetCore.Mvc;
using Prometheus;

namespace Flywheel.Silo.Api.Mcp;

/// <summary><c>/mcp</c>, the Model Context Protocol over streamable HTTP: what agents read of campaigns, and where they propose messaging.</summary>
internal static class McpEndpoints
{
    public const string Path = "/mcp";

    /// <summary>The longest is a proposal, of which the API takes 16 KiB.</summary>
    private const int MaxBody = 64 * 1024;

    public static void AddMcp(this IServiceCollection services)
    {
        services.AddSingleton<McpTools>();
        services.AddSingleton<McpResources>();
        services.AddSingleton<McpServer>();
        services.AddSingleton(provider => new McpMetrics(provider.GetRequiredService<CollectorRegistry>(), provider.GetRequiredService<McpTools>().All().Select(tool => tool.Name)));
        services.AddMcpServer().WithHttpTransport(transport =>
        {
            // Any silo answers any request: behind a load balancer there is no session to find again.
            transport.Stateless = true;
            transport.ConfigureSessionOptions = (context, options, _) =>
            {
                context.RequestServices.GetRequiredService<McpServer>().Serve(context, options);
                return Task.CompletedTask;
            };
        });
    }

    public static void MapMcpServer(this IEndpointRouteBuilder app)
    {
        var server = app.ServiceProvider.GetRequiredService<McpServer>();
        app.MapMcp(Path).ForReading().WithMetadata(new RequestSizeLimitAttribute(MaxBody), new ExcludeFromDescriptionAttribute(), new CountedAnswers(server.Answered))
            .Add(endpoint =>
            {
                var next = endpoint.RequestDelegate!;
                endpoint.RequestDelegate = context => McpMessages.ReadAsync(context, MaxBody, next, server.Misread);
            });
    }
}
