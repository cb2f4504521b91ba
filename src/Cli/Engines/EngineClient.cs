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
        _http = NewHttp(url, key);
        Api = new FlywheelClient(_http, options);
    }

    public FlywheelClient Api { get; }

    public static HttpClient NewHttp(Uri url, string? key)
    {
        var http = new HttpClient { BaseAddress = url, Timeout = Patience };
        if (!string.IsNullOrEmpty(key))
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return http;
    }

    public async ValueTask DisposeAsync()
    {
        await Api.DisposeAsync();
        _http.Dispose();
    }
}
