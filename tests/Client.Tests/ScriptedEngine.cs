using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Threading.Channels;

namespace Flywheel.Client.Tests;

/// <summary>Test double of the engine: answers each request with the next line of its script and remembers what came.</summary>
internal sealed class ScriptedEngine : HttpMessageHandler
{
    private readonly ConcurrentQueue<Func<ReceivedRequest, CancellationToken, Task<HttpResponseMessage>>> _script = [];
    private readonly Channel<ReceivedRequest> _arrivals = Channel.CreateUnbounded<ReceivedRequest>();
    private int _received;

    public int Received => Volatile.Read(ref _received);

    public FlywheelClient Client(FlywheelClientOptions options) =>
        new(new HttpClient(this) { BaseAddress = new Uri("http://engine.test") }, options);

    public ScriptedEngine AcceptsSignals() => Then(request =>
        Json(HttpStatusCode.Accepted, $$"""{"accepted":{{request.Lines.Length}},"rejected":[]}"""));

    public ScriptedEngine Answers(HttpStatusCode status, string json = "", RetryConditionHeaderValue? retryAfter = null) => Then(_ =>
    {
        var response = Json(status, json);
        response.Headers.RetryAfter = retryAfter;
        return response;
    });

    public ScriptedEngine Streams(string events) => Streams(new MemoryStream(Encoding.UTF8.GetBytes(events)));

    public ScriptedEngine Streams(Stream events) => Then(_ => new HttpResponseMessage
    {
        Content = new StreamContent(events) { Headers = { ContentType = new MediaTypeHeaderValue("text/event-stream") } },
    });

    public ScriptedEngine CannotBeReached() => Then(_ => throw new HttpRequestException("refused"));

    public ScriptedEngine NeverAnswers()
    {
        _script.Enqueue(async (_, cancellationToken) =>
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            throw new InvalidOperationException("An infinite wait ended.");
        });
        return this;
    }

    public Task<ReceivedRequest> NextRequestAsync() => _arrivals.Reader.ReadAsync(TestContext.Current.CancellationToken).Guarded();

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        var received = new ReceivedRequest(
            request.Method.Method,
            request.RequestUri!.PathAndQuery,
            request.Content?.Headers.ContentType?.MediaType,
            request.Headers.TryGetValues("Last-Event-ID", out var ids) ? ids.Single() : null,
            body);
        Interlocked.Increment(ref _received);
        await _arrivals.Writer.WriteAsync(received, cancellationToken);
        return _script.TryDequeue(out var answer)
            ? await answer(received, cancellationToken)
            : throw new InvalidOperationException($"No answer is scripted for {received}.");
    }

    private static HttpResponseMessage Json(HttpStatusCode status, string json)
    {
        var mediaType = (int)status < 400 ? "application/json" : "application/problem+json";
        return new HttpResponseMessage(status) { Content = new StringContent(json, Encoding.UTF8, mediaType) };
    }

    private ScriptedEngine Then(Func<ReceivedRequest, HttpResponseMessage> answer)
    {
        _script.Enqueue((request, _) => Task.FromResult(answer(request)));
        return this;
    }
}
