using System.Net.Http.Headers;
using Flywheel.Client;

namespace Flywheel.Cli.Engines;

/// <summary>A client of one engine, with the connections that it works over.</summary>
internal sealed class EngineClient : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly HttpClient _http;

    public EngineClient(Uri url, string? key, FlywheelClientOptions? options = null)
    {
        _http = new HttpClient { BaseAddress = url, Timeout = Patience };
        if (!string.IsNullOrEmpty(key))
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        Api = new FlywheelClient(_http, options);
    }

    public FlywheelClient Api { get; }

    public async ValueTask DisposeAsync()
    {
        await Api.DisposeAsync();
        _http.Dispose();
    }
}
