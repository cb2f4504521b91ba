using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Flywheel.Silo.Tests.Webhooks;

/// <summary>A receiver of webhooks on loopback, which keeps all that comes and answers as it is told.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly ConcurrentQueue<ReceivedMessage> _received = [];

    private WebhookReceiver()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _application = builder.Build();
        _application.Run(TakeAsync);
    }

    public Uri Url { get; private set; } = new("http://127.0.0.1");

    /// <summary>The status of the answer to what came as the n-th, from 0.</summary>
    public Func<int, int> Status { get; set; } = _ => 204;

    /// <summary>Where a redirect leads.</summary>
    public string? Location { get; set; }

    public IReadOnlyList<ReceivedMessage> Received => [.. _received];

    public static async Task<WebhookReceiver> StartAsync()
    {
        var receiver = new WebhookReceiver();
        await receiver._application.StartAsync(TestContext.Current.CancellationToken);
        receiver.Url = new Uri(receiver._application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        return receiver;
    }

    /// <summary>All that came, once it is as expected.</summary>
    public Task<IReadOnlyList<ReceivedMessage>> ReceivesAsync(Func<IReadOnlyList<ReceivedMessage>, bool> holds, string expected) =>
        Eventually.ReadsAsync(() => Task.FromResult(Received), holds, expected, all => string.Join("; ", all.Select(each => each.Body)));

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync(context.RequestAborted);
        var headers = context.Request.Headers;
        var message = new ReceivedMessage(
            context.Request.Path, headers["webhook-id"].ToString(), headers["webhook-timestamp"].ToString(), headers["webhook-signature"].ToString(), context.Request.ContentType ?? "", body);
        int place;
        lock (_received)
        {
            place = _received.Count;
            _received.Enqueue(message);
        }
        context.Response.StatusCode = Status(place);
        if (Location is { } location)
            context.Response.Headers.Location = location;
    }
}
