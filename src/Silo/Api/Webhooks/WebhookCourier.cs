using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Flywheel.Domain.Webhooks;
using Flywheel.Grains.Webhooks;

namespace Flywheel.Silo.Api.Webhooks;

/// <summary>
/// Sends messages by HTTP as Standard Webhooks says. A name's addresses are looked at when a connection is made, and it is made to one that was looked at: a
/// name that answers differently a moment later leads nowhere else. No redirect is followed, no proxy asked, no cookie kept, and of an answer nothing is read but its head.
/// </summary>
/// <param name="resolve">The addresses of a name.</param>
internal sealed class WebhookCourier(WebhookAddresses addresses, TimeProvider time, Func<string, CancellationToken, Task<IPAddress[]>> resolve) : IWebhookCourier, IDisposable
{
    private const int MaxHeaderKilobytes = 16;
    private const int MaxDrainBytes = 16 * 1024;
    private const int MaxConnections = 4;

    /// <summary>For all of an attempt, the name and the connection included. The standard says 15 to 30.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly HttpMessageInvoker _http = New(addresses, resolve);

    public WebhookCourier(WebhookAddresses addresses, TimeProvider time)
        : this(addresses, time, Dns.GetHostAddressesAsync)
    {
    }

    public async Task<DeliveryResult> SendAsync(WebhookAttempt attempt, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var (outcome, status, retryAfter) = await TryAsync(attempt, cancellationToken);
        return new DeliveryResult(outcome, status, retryAfter, (int)time.GetElapsedTime(started).TotalMilliseconds);
    }

    public void Dispose() => _http.Dispose();

    private async Task<(DeliveryOutcome, int?, TimeSpan?)> TryAsync(WebhookAttempt attempt, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            using var request = RequestOf(attempt);
            using var response = await _http.SendAsync(request, ending.Token);
            var outcome = response.StatusCode == HttpStatusCode.Gone ? DeliveryOutcome.Gone : response.IsSuccessStatusCode ? DeliveryOutcome.Delivered : DeliveryOutcome.Failed;
            return (outcome, (int)response.StatusCode, RetryAfterOf(response));
        }
        catch (OperationCanceledException)
        {
            return (DeliveryOutcome.TimedOut, null, null);
        }
        catch (Exception e)
        {
            return (IsForbidden(e) ? DeliveryOutcome.Forbidden : DeliveryOutcome.Unreachable, null, null);
        }
    }

    private static HttpRequestMessage RequestOf(WebhookAttempt attempt)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, attempt.Url) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(attempt.Body)) };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.Add("user-agent", "Flywheel-Webhooks");
        request.Headers.Add("webhook-id", attempt.Id);
        request.Headers.Add("webhook-timestamp", attempt.UnixSeconds.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("webhook-signature", attempt.Signature);
        return request;
    }

    private TimeSpan? RetryAfterOf(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - time.GetUtcNow(),
        _ => null,
    };

    private static bool IsForbidden(Exception e) => e is ForbiddenAddressException || (e.InnerException is { } inner && IsForbidden(inner));

    private static HttpMessageInvoker New(WebhookAddresses addresses, Func<string, CancellationToken, Task<IPAddress[]>> resolve) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        // Traces stay inside.
        ActivityHeadersPropagator = null,
        MaxConnectionsPerServer = MaxConnections,
        MaxResponseHeadersLength = MaxHeaderKilobytes,
        MaxResponseDrainSize = MaxDrainBytes,
        ResponseDrainTimeout = TimeSpan.FromSeconds(1),
        PooledConnectionLifetime = TimeSpan.FromMinutes(1),
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(20),
        ConnectCallback = async (context, cancellationToken) =>
        {
            var found = await resolve(context.DnsEndPoint.Host, cancellationToken);
            var open = found.Where(addresses.Allow).ToArray();
            if (open.Length == 0 && found.Length > 0)
                throw new ForbiddenAddressException($"{context.DnsEndPoint.Host} has no address that may be spoken to.");
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(open, context.DnsEndPoint.Port, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        },
    });
}
