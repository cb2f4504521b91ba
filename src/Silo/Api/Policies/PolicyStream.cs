using System.Buffers;
using System.Text;
using System.Text.Json;
using Flywheel.Decisions;
using Flywheel.Domain.Campaigns;
using Flywheel.Grains.Replicas;

namespace Flywheel.Silo.Api.Policies;

/// <summary>
/// Policies as server-sent events: <c>policy</c> with the whole document first and whenever the campaign changed, <c>segments</c> with
/// those whose policy changed; at most 4 a second, and a comment every 15 s. It ends when the campaign is gone.
/// </summary>
internal sealed class PolicyStream(CampaignReplica replica, PolicySnapshots snapshots, TimeProvider time, IHostApplicationLifetime lifetime)
{
    /// <summary>Streams open at once; more are refused, and ask for the document instead.</summary>
    private const int MaxStreams = 1_000;

    private static readonly TimeSpan Apart = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    private int _streams;

    public async Task RunAsync(HttpContext context, string id)
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
            await SendAllAsync(context, id, stopping.Token);
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

    private async Task SendAllAsync(HttpContext context, string id, CancellationToken cancellationToken)
    {
        BuiltPolicy? sent = null;
        await context.Response.Body.FlushAsync(cancellationToken);
        while (replica.Find(id) is { } found)
        {
            // Looked up again once changes are listened for, so that none falls in between.
            var changed = found.Changes.NextAsync();
            if (snapshots.Find(id) is not { } policy)
                return;
            if (!ReferenceEquals(policy, sent))
            {
                await context.Response.BodyWriter.WriteAsync(Event(policy, sent), cancellationToken);
                sent = policy;
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

    private static ReadOnlyMemory<byte> Event(BuiltPolicy policy, BuiltPolicy? sent)
    {
        var bytes = new ArrayBufferWriter<byte>(16_384);
        if (sent is null || !policy.HasLayoutOf(sent))
        {
            Encoding.UTF8.GetBytes("event: policy\ndata: ", bytes);
            bytes.Write(policy.Utf8.Span);
        }
        else
        {
            Encoding.UTF8.GetBytes("event: segments\ndata: ", bytes);
            using var json = new Utf8JsonWriter(bytes, JsonText.Compact);
            PolicySnapshotWriter.WriteSegments(json, policy.Snapshot, policy.ChangedSince(sent));
        }
        bytes.Write("\n\n"u8);
        return bytes.WrittenMemory;
    }
}
