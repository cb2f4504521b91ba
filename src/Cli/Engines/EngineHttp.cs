using System.Net;
using System.Net.Http.Headers;
using Flywheel.Client;

namespace Flywheel.Cli.Engines;

/// <summary>Requests to one engine, for documents that go over the wire as they are.</summary>
internal sealed class EngineHttp : IDisposable
{
    private readonly HttpClient _http;
    private readonly EngineConnection _engine;

    public EngineHttp(Uri url, string? key)
    {
        _http = EngineClient.NewHttp(url, key);
        _engine = new EngineConnection(_http, TimeProvider.System);
    }

    public void Dispose() => _http.Dispose();

    /// <param name="method">Of the request.</param>
    /// <param name="path">Behind the engine's address.</param>
    /// <param name="document">JSON; null for none.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="FlywheelException">The engine refused, or could not be reached.</exception>
    public async Task<(HttpStatusCode Status, byte[] Body)> SendAsync(HttpMethod method, string path, byte[]? document, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path);
        if (document is not null)
            request.Content = new ByteArrayContent(document) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        using var answer = await _engine.OpenAsync(request, HttpCompletionOption.ResponseContentRead, cancellationToken);
        return (answer.StatusCode, await answer.Content.ReadAsByteArrayAsync(cancellationToken));
    }
}
