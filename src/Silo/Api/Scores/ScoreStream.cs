using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Flywheel.Domain.Campaigns;
using Flywheel.Grains.Replicas;

namespace Flywheel.Silo.Api.Scores;

/// <summary>
/// Scores as server-sent events: the whole document first, then whenever it changed, changes within a quarter of a second as
/// one; a comment every 15 s keeps the line open. Each event's id names the state it shows, so a client that comes back with
/// <c>Last-Event-ID</c> hears nothing until there is something new.
/// </summary>
internal sealed class ScoreStream(CampaignReplica replica, ScoresWriter writer, TimeProvider time, IHostApplicationLifetime lifetime)
{
    /// <summary>Streams open at once; more are refused, so that watching never starves deciding.</summary>
    private const int MaxStreams = 1_000;

    private static readonly TimeSpan Apart = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    private int _streams;

    public async Task RunAsync(HttpContext context, string id, string? segment, bool byChannel)
    {
        if (Interlocked.Increment(ref _streams) > MaxStreams)
        {
            Interlocked.Decrement(ref _streams);
            await Problem.TooManyStreams(context).ExecuteAsync(context);
            return;
        }
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        try
        {
            context.Response.ContentType = "text/event-stream";
            context.Response.Headers.CacheControl = "no-store";
            context.Response.Headers["X-Accel-Buffering"] = "no";
            await SendAllAsync(context, id, segment, byChannel, stopping.Token);
        }
        catch (OperationCanceledException)
        {
            // The client went away, or the engine stops: the stream ends here.
        }
        finally
        {
            Interlocked.Decrement(ref _streams);
        }
    }

    private async Task SendAllAsync(HttpContext context, string id, string? segment, bool byChannel, CancellationToken cancellationToken)
    {
        var seen = context.Request.Headers["Last-Event-ID"].ToString();
        await context.Response.Body.FlushAsync(cancellationToken);
        while (replica.Find(id) is { } found)
        {
            // Looked up again once changes are listened for, so that none falls in between.
            var changed = found.Changes.NextAsync();
            if (replica.Find(id) is not { } campaign)
                return;
            var state = StateOf(campaign, segment);
            if (state != seen)
            {
                await context.Response.BodyWriter.WriteAsync(Event(campaign, segment, byChannel, state), cancellationToken);
                seen = state;
                await Task.Delay(Apart, time, cancellationToken);
            }
            try
            {
                await changed.WaitAsync(Heartbeat, time, cancellationToken);
            }
            catch (TimeoutException)
            {
                await context.Response.BodyWriter.WriteAsync(": still here\n\n"u8.ToArray(), cancellationToken);
            }
        }
    }

    /// <summary>Names what a document shows: the campaign's revision and the sum of its policies' versions, which only ever rise.</summary>
    private static string StateOf(ReplicatedCampaign campaign, string? segment)
    {
        var versions = campaign.Segments.Where(each => segment is null || each.Id.Segment == segment).Sum(each => each.Served?.Fit.Policy.Version ?? 0);
        return string.Create(CultureInfo.InvariantCulture, $"{campaign.Published.Incarnation}-{campaign.Published.Revision}-{versions}");
    }

    private ReadOnlyMemory<byte> Event(ReplicatedCampaign campaign, string? segment, bool byChannel, string state)
    {
        var bytes = new ArrayBufferWriter<byte>(4_096);
        Encoding.UTF8.GetBytes($"event: scores\nid: {state}\ndata: ", bytes);
        using (var json = new Utf8JsonWriter(bytes, JsonText.Compact))
            writer.Write(json, campaign, segment, byChannel);
        bytes.Write("\n\n"u8);
        return bytes.WrittenMemory;
    }
}
