using System.Buffers;
using System.Text;
using System.Text.Json;
using Flywheel.Silo.Api.Access;
using Flywheel.Silo.Hosting;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace Flywheel.Silo.Api.Overview;

/// <summary><c>/v1/overview</c> and its stream: all campaigns at a glance.</summary>
internal static class OverviewEndpoints
{
    private static readonly TimeSpan Apart = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    public static void MapOverview(this IEndpointRouteBuilder app)
    {
        var overview = app.MapGroup("/v1/overview").WithTags("Overview");
        overview.MapGet("", Get).WithSummary("All campaigns at a glance").Produces<Client.Overview>();
        var streams = app.ServiceProvider.GetRequiredService<EventStreams>();
        overview.MapGet("stream", (Delegate)((HttpContext context) => streams.RunAsync(context, (response, cancel) => SendAsync(context.RequestServices, context.Tenant(), response, cancel))))
            .WithSummary("The same as server-sent events: whole at first, then what changed, at most once a second")
            .Produces<OverviewEvents>(200, "text/event-stream").ProducesProblem(429);
    }

    private static IResult Get(HttpContext context, OverviewBoard board, FlywheelOptions options, TimeProvider time) =>
        Results.Ok(new Client.Overview(time.GetUtcNow(), options.Demo, [.. board.Read(context.Tenant()).Select(line => line.Campaign)], []));

    private static async Task SendAsync(IServiceProvider services, string tenant, HttpResponse response, CancellationToken cancellationToken)
    {
        var (board, options, time) = (services.GetRequiredService<OverviewBoard>(), services.GetRequiredService<FlywheelOptions>(), services.GetRequiredService<TimeProvider>());
        var json = services.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        using var timer = new PeriodicTimer(Apart, time);
        HashSet<string>? sent = null;
        var (seen, heardAt) = (0L, time.GetTimestamp());
        do
        {
            var lines = board.Read(tenant);
            var there = lines.Select(line => line.Campaign.Id).ToHashSet(StringComparer.Ordinal);
            var news = new Client.Overview(
                time.GetUtcNow(), options.Demo, [.. lines.Where(line => sent is null || line.Version > seen).Select(line => line.Campaign)], [.. (sent ?? []).Where(id => !there.Contains(id))]);
            if (sent is null || news.Campaigns.Count > 0 || news.Removed.Count > 0)
                await response.BodyWriter.WriteAsync(Event(news, json), cancellationToken);
            else if (time.GetElapsedTime(heardAt) >= Heartbeat)
                await response.BodyWriter.WriteAsync(": still here\n\n"u8.ToArray(), cancellationToken);
            else
                continue;
            heardAt = time.GetTimestamp();
            (sent, seen) = (there, lines.Count == 0 ? seen : Math.Max(seen, lines.Max(line => line.Version)));
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    private static ReadOnlyMemory<byte> Event(Client.Overview news, JsonSerializerOptions options)
    {
        var bytes = new ArrayBufferWriter<byte>(4_096);
        Encoding.UTF8.GetBytes("event: overview\ndata: ", bytes);
        using (var json = new Utf8JsonWriter(bytes))
            JsonSerializer.Serialize(json, news, options);
        bytes.Write("\n\n"u8);
        return bytes.WrittenMemory;
    }
}
