using System.Net.ServerSentEvents;
using System.Text.Json;

namespace Flywheel.Silo.Tests;

/// <summary>An open stream of events.</summary>
internal sealed class EventStream : IAsyncDisposable
{
    private readonly HttpResponseMessage _response;
    private readonly IAsyncEnumerator<SseItem<string>> _events;

    private readonly string? _only;

    private EventStream(HttpResponseMessage response, Stream body, string? only) =>
        (_only, _response, _events) = (only, response, SseParser.Create(body).EnumerateAsync(TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken));

    public string? ContentType => _response.Content.Headers.ContentType?.MediaType;

    /// <summary>The scores alone.</summary>
    public static Task<EventStream> OpenAsync(Api api, string campaign, string query = "", string? lastEventId = null) =>
        OpenPathAsync(api, $"/v1/campaigns/{campaign}/scores/stream{query}", lastEventId, "scores");

    public static async Task<EventStream> OpenPathAsync(Api api, string path, string? lastEventId = null, string? only = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (lastEventId is not null)
            request.Headers.Add("Last-Event-ID", lastEventId);
        var response = await api.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        return new EventStream(response.EnsureSuccessStatusCode(), await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken), only);
    }

    /// <summary>The next event, or null where the stream has ended.</summary>
    public async Task<SseItem<string>?> NextAsync()
    {
        while (await Eventually.CompletesAsync(_events.MoveNextAsync().AsTask(), "an event or the end of the stream"))
        {
            if (_only is null || _events.Current.EventType == _only)
                return _events.Current;
        }
        return null;
    }

    /// <summary>Reads on to the first document that holds; returns all that were read, this one last.</summary>
    public async Task<List<(string Id, ScoreDocument Scores)>> ReadUntilAsync(Func<ScoreDocument, bool> holds, string expected)
    {
        var read = new List<(string Id, ScoreDocument Scores)>();
        do
        {
            var next = await NextAsync();
            Assert.True(next is not null, $"Expected {expected}; the stream ended after {read.Count} events.");
            read.Add((next.Value.EventId!, JsonSerializer.Deserialize<ScoreDocument>(next.Value.Data, JsonSerializerOptions.Web)!));
        }
        while (!holds(read[^1].Scores));
        return read;
    }

    public async ValueTask DisposeAsync()
    {
        _response.Dispose();
        try
        {
            await _events.DisposeAsync();
        }
        catch (NotSupportedException)
        {
            // A read that a failed test left waiting.
        }
    }
}
