using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Flywheel.Cli.Engines;
using Flywheel.Client;

namespace Flywheel.Cli.Campaigns;

/// <summary>Campaign documents of an engine, as they go over the wire.</summary>
internal sealed class EngineApi : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly HttpClient _http;

    public EngineApi(Uri url, string? key)
    {
        _http = new HttpClient { BaseAddress = url, Timeout = Patience };
        if (!string.IsNullOrEmpty(key))
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    /// <summary>All campaigns that the key sees.</summary>
    public async Task<IReadOnlyList<CampaignSummary>> ListAsync(CancellationToken cancellationToken)
    {
        var (_, body) = await SendAsync(HttpMethod.Get, "v1/campaigns", null, cancellationToken);
        using var document = JsonDocument.Parse(body);
        return [.. document.RootElement.GetProperty("campaigns").Deserialize<CampaignSummary[]>(JsonSerializerOptions.Web)!];
    }

    /// <summary>The document as <see cref="PutAsync"/> takes it.</summary>
    public async Task<byte[]> GetAsync(string id, CancellationToken cancellationToken) => (await SendAsync(HttpMethod.Get, PathOf(id), null, cancellationToken)).Body;

    /// <returns>True where there was none.</returns>
    public async Task<bool> PutAsync(string id, byte[] document, CancellationToken cancellationToken) =>
        (await SendAsync(HttpMethod.Put, PathOf(id), document, cancellationToken)).Status == HttpStatusCode.Created;

    /// <param name="status"><c>live</c> or <c>paused</c>.</param>
    public Task SetStatusAsync(string id, string status, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Patch, PathOf(id), JsonSerializer.SerializeToUtf8Bytes(new { status }), cancellationToken);

    public Task DeleteAsync(string id, CancellationToken cancellationToken) => SendAsync(HttpMethod.Delete, PathOf(id), null, cancellationToken);

    public void Dispose() => _http.Dispose();

    private static string PathOf(string id) => $"v1/campaigns/{Uri.EscapeDataString(id)}";

    private async Task<(HttpStatusCode Status, byte[] Body)> SendAsync(HttpMethod method, string path, byte[]? document, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path);
        if (document is not null)
            request.Content = new ByteArrayContent(document) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        try
        {
            using var answer = await _http.SendAsync(request, cancellationToken);
            var body = await answer.Content.ReadAsByteArrayAsync(cancellationToken);
            return answer.IsSuccessStatusCode ? (answer.StatusCode, body) : throw Refusal(answer.StatusCode, body);
        }
        catch (HttpRequestException e)
        {
            throw new EngineRefusal($"the engine at {_http.BaseAddress} could not be reached: {e.Message}", ExitCodes.Away);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new EngineRefusal($"the engine at {_http.BaseAddress} did not answer within {Patience}", ExitCodes.Away);
        }
    }

    private static EngineRefusal Refusal(HttpStatusCode status, byte[] body)
    {
        ProblemBody? problem = null;
        try
        {
            problem = JsonSerializer.Deserialize<ProblemBody>(body, JsonSerializerOptions.Web);
        }
        catch (JsonException)
        {
            // A proxy answers in its own words; the status says enough.
        }
        var comesBack = status is HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError;
        return new EngineRefusal(EngineRefusal.Sentence(status, problem?.Title, problem?.Detail, problem?.Errors ?? []), comesBack ? ExitCodes.Away : ExitCodes.Refused);
    }

    private sealed record ProblemBody(string? Title, string? Detail, Dictionary<string, IReadOnlyList<string>>? Errors);
}
