using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Flywheel.Cli.Engines;

/// <summary>Requests to one engine; what is not answered with a 2xx is a refusal.</summary>
internal sealed class EngineHttp : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly HttpClient _http;

    public EngineHttp(Uri url, string? key)
    {
        _http = new HttpClient { BaseAddress = url, Timeout = Patience };
        if (!string.IsNullOrEmpty(key))
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    public void Dispose() => _http.Dispose();

    /// <param name="method">Of the request.</param>
    /// <param name="path">Behind the engine's address.</param>
    /// <param name="document">JSON; null for none.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="EngineRefusal">The engine refused, or could not be reached.</exception>
    public async Task<(HttpStatusCode Status, byte[] Body)> SendAsync(HttpMethod method, string path, byte[]? document, CancellationToken cancellationToken)
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
