using Flywheel.Grains.Replicas;
using Flywheel.Silo.Api.Access;

namespace Flywheel.Silo.Api;

/// <summary>
/// Server-sent events, most of them about a campaign and told whenever it changed: changes within a quarter of a second as one, and a comment every 15 s, which
/// keeps the line open. A stream ends when the campaign is gone, and within seconds of the credential that opened it. One of these for each kind of stream: each has its own bound.
/// </summary>
internal sealed class EventStreams(CampaignReplica replica, Credentials credentials, TimeProvider time, IHostApplicationLifetime lifetime)
{
    /// <summary>Streams open at once; more are refused, so that watching never starves deciding.</summary>
    private const int MaxStreams = 1_000;

    private static readonly TimeSpan Apart = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LooksApart = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    private int _streams;

    /// <param name="context">Whom to tell.</param>
    /// <param name="id">The campaign.</param>
    /// <param name="next">The event that tells what is new of the campaign since it was last called; null for nothing.</param>
    public Task RunAsync(HttpContext context, string id, Func<ReplicatedCampaign, ReadOnlyMemory<byte>?> next) =>
        RunAsync(context, (response, cancel) => SendAllAsync(response, id, next, cancel));

    /// <param name="context">Whom to tell.</param>
    /// <param name="send">Sends events until it is cancelled or there are no more.</param>
    public async Task RunAsync(HttpContext context, Func<HttpResponse, CancellationToken, Task> send)
    {
        if (Interlocked.Increment(ref _streams) > MaxStreams)
        {
            Interlocked.Decrement(ref _streams);
            await Problem.TooManyStreams(context).ExecuteAsync(context);
            return;
        }
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        var watch = WatchAsync(context, stopping);
        try
        {
            context.Response.ContentType = "text/event-stream";
            context.Response.Headers.CacheControl = "no-store";
            context.Response.Headers["X-Accel-Buffering"] = "no";
            await context.Response.Body.FlushAsync(stopping.Token);
            await send(context.Response, stopping.Token);
        }
        catch (OperationCanceledException)
        {
            // The client went away, or the engine stops: the stream ends here.
        }
        finally
        {
            await stopping.CancelAsync();
            await watch;
            Interlocked.Decrement(ref _streams);
        }
    }

    /// <summary>Ends a stream whose credential was revoked, has expired, or is another tenant's or role's now.</summary>
    private async Task WatchAsync(HttpContext context, CancellationTokenSource stopping)
    {
        if (!credentials.AreNeeded)
            return;
        var opened = context.Caller();
        try
        {
            while (true)
            {
                await Task.Delay(LooksApart, time, stopping.Token);
                var (caller, _) = await credentials.FindAsync(context.Request);
                if (caller is null || caller.Tenant != opened.Tenant || caller.Role != opened.Role)
                    await stopping.CancelAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // The stream has ended.
        }
    }

    private async Task SendAllAsync(HttpResponse response, string id, Func<ReplicatedCampaign, ReadOnlyMemory<byte>?> next, CancellationToken cancellationToken)
    {
        while (replica.Find(id) is { } found)
        {
            // Looked up again once changes are listened for, so that none falls in between.
            var changed = found.Changes.NextAsync();
            if (replica.Find(id) is not { } campaign)
                return;
            if (next(campaign) is { } news)
            {
                await response.BodyWriter.WriteAsync(news, cancellationToken);
                await Task.Delay(Apart, time, cancellationToken);
            }
            try
            {
                await changed.WaitAsync(Heartbeat, time, cancellationToken);
            }
            catch (TimeoutException)
            {
                await response.BodyWriter.WriteAsync(": still here\n\n"u8.ToArray(), cancellationToken);
            }
        }
    }
}
