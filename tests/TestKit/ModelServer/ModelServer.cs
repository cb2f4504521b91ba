using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Flywheel.TestKit;

/// <summary>
/// Test double of a language model's server: speaks OpenAI's chat protocol on the loopback, whole and streamed, with calls for tools and
/// structured answers, and fails in every way that a test asks for. It answers each request with the next line of its script, after the
/// last one with that again. It writes nothing of its own, it is no model.
/// </summary>
internal sealed class ModelServer : IAsyncDisposable
{
    private readonly ConcurrentQueue<Func<HttpContext, JsonElement, Task>> _script = [];
    private readonly Channel<ModelServerRequest> _arrivals = Channel.CreateUnbounded<ModelServerRequest>();
    private readonly ConcurrentQueue<ModelServerRequest> _requests = [];
    private readonly WebApplication _application;
    private Func<HttpContext, JsonElement, Task> _last = (_, _) => throw new InvalidOperationException("The model server has no script.");

    private ModelServer()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _application = builder.Build();
        _application.MapFallback(AnswerAsync);
    }

    /// <summary>The base address of the API.</summary>
    public Uri Url { get; private set; } = null!;

    /// <summary>What came so far.</summary>
    public ModelServerRequest[] Requests => [.. _requests];

    public static async Task<ModelServer> StartAsync(CancellationToken cancellationToken)
    {
        var server = new ModelServer();
        await server._application.StartAsync(cancellationToken);
        server.Url = new Uri(new Uri(server._application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()), "/v1");
        return server;
    }

    /// <summary>The next request to arrive, or one that did and was not asked for yet.</summary>
    public ValueTask<ModelServerRequest> NextRequestAsync(CancellationToken cancellationToken) => _arrivals.Reader.ReadAsync(cancellationToken);

    /// <summary>An answer of the model; streamed in pieces where the request asks for a stream.</summary>
    public ModelServer Says(string text, int input = 120, int output = 40) => Then((context, request) => ChatProtocol.SendAsync(context, request, new ModelMessage(text) { Input = input, Output = output }));

    /// <summary>The model wants these functions called.</summary>
    public ModelServer Calls(params string[] functions) => Then((context, request) => ChatProtocol.SendAsync(context, request, new ModelMessage(null) { Calls = functions }));

    public ModelServer Refuses() => Then((context, request) => ChatProtocol.SendAsync(context, request, new ModelMessage(null) { Refusal = "I cannot help with that." }));

    /// <summary>An answer that ends at the bound of tokens.</summary>
    public ModelServer IsCutOff(string text) => Then((context, request) => ChatProtocol.SendAsync(context, request, new ModelMessage(text) { Finish = "length" }));

    /// <summary>An answer without the count of tokens.</summary>
    public ModelServer SaysUncounted(string text) => Then((context, request) => ChatProtocol.SendAsync(context, request, new ModelMessage(text) { Input = null }));

    /// <param name="retryAfter">The header as it is sent: seconds or a date.</param>
    public ModelServer Fails(int status, string body = "{\"error\":{\"message\":\"failed on demand\"}}", string? retryAfter = null) => Then(async (context, _) =>
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        if (retryAfter is not null)
            context.Response.Headers.RetryAfter = retryAfter;
        await context.Response.WriteAsync(body, context.RequestAborted);
    });

    /// <summary>Quotes the key that came, as careless gateways do.</summary>
    public ModelServer FailsQuotingTheKey(int status) => Then(async (context, _) =>
    {
        context.Response.StatusCode = status;
        await context.Response.WriteAsync($"{{\"error\":{{\"message\":\"bad key {context.Request.Headers.Authorization}\"}}}}", context.RequestAborted);
    });

    public ModelServer Redirects(int status, Uri to) => Then((context, _) =>
    {
        context.Response.StatusCode = status;
        context.Response.Headers.Location = to.ToString();
        return Task.CompletedTask;
    });

    /// <summary>A body that need not be of the protocol.</summary>
    public ModelServer Sends(string body) => Then(async (context, _) =>
    {
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(body, context.RequestAborted);
    });

    /// <summary>Takes the request and never says anything.</summary>
    public ModelServer Hangs() => Then((context, _) => Task.Delay(Timeout.Infinite, context.RequestAborted));

    /// <summary>Holds its answer until the test lets it go.</summary>
    public ModelServer SaysOnce(Task released, string text) => Then(async (context, request) =>
    {
        await released.WaitAsync(context.RequestAborted);
        await ChatProtocol.SendAsync(context, request, new ModelMessage(text));
    });

    /// <summary>Begins to answer and goes on for ever, a space at a time.</summary>
    public ModelServer Drips() => Then(async (context, _) =>
    {
        context.Response.ContentType = "application/json";
        while (true)
        {
            await context.Response.WriteAsync(" ", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await Task.Delay(5, context.RequestAborted);
        }
    });

    /// <summary>An answer that never ends, as fast as it is read.</summary>
    public ModelServer Floods() => Then(async (context, _) =>
    {
        context.Response.ContentType = "application/json";
        var piece = Encoding.ASCII.GetBytes(new string(' ', 16 << 10));
        while (true)
            await context.Response.Body.WriteAsync(piece, context.RequestAborted);
    });

    /// <summary>Hangs up in the middle of an answer.</summary>
    public ModelServer HangsUp() => Then(async (context, _) =>
    {
        context.Response.ContentLength = 1_000;
        await context.Response.WriteAsync("{\"id\":", context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
        context.Abort();
    });

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _application.StopAsync(now.Token);
        await _application.DisposeAsync();
    }

    private ModelServer Then(Func<HttpContext, JsonElement, Task> answer)
    {
        _script.Enqueue(answer);
        return this;
    }

    private async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync(context.RequestAborted);
        var request = new ModelServerRequest(
            context.Request.Method, context.Request.Path, context.Request.Headers.Authorization.ToString(), body.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(body));
        _requests.Enqueue(request);
        await _arrivals.Writer.WriteAsync(request);
        if (ChatProtocol.WhatIsWrong(request) is { } wrong)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            await context.Response.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"{{\"error\":{{\"message\":\"{wrong}\"}}}}"));
            return;
        }
        if (_script.TryDequeue(out var next))
            _last = next;
        await _last(context, request.Body);
    }
}
