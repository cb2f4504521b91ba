using System.Net;
using System.Text.Json;
using Flywheel.Cli.Engines;
using Flywheel.Client;

namespace Flywheel.Cli.Campaigns;

/// <summary>Campaign documents of an engine, as they go over the wire.</summary>
internal sealed class EngineApi(Uri url, string? key) : IDisposable
{
    private readonly EngineHttp _http = new(url, key);

    /// <summary>All campaigns that the key sees.</summary>
    public async Task<IReadOnlyList<CampaignSummary>> ListAsync(CancellationToken cancellationToken)
    {
        var (_, body) = await _http.SendAsync(HttpMethod.Get, "v1/campaigns", null, cancellationToken);
        using var document = JsonDocument.Parse(body);
        return [.. document.RootElement.GetProperty("campaigns").Deserialize<CampaignSummary[]>(JsonSerializerOptions.Web)!];
    }

    /// <summary>The document as <see cref="PutAsync"/> takes it.</summary>
    public async Task<byte[]> GetAsync(string id, CancellationToken cancellationToken) => (await _http.SendAsync(HttpMethod.Get, PathOf(id), null, cancellationToken)).Body;

    /// <returns>True where there was none.</returns>
    public async Task<bool> PutAsync(string id, byte[] document, CancellationToken cancellationToken) =>
        (await _http.SendAsync(HttpMethod.Put, PathOf(id), document, cancellationToken)).Status == HttpStatusCode.Created;

    /// <param name="status"><c>live</c> or <c>paused</c>.</param>
    public Task SetStatusAsync(string id, string status, CancellationToken cancellationToken) =>
        _http.SendAsync(HttpMethod.Patch, PathOf(id), JsonSerializer.SerializeToUtf8Bytes(new { status }), cancellationToken);

    public Task DeleteAsync(string id, CancellationToken cancellationToken) => _http.SendAsync(HttpMethod.Delete, PathOf(id), null, cancellationToken);

    public void Dispose() => _http.Dispose();

    private static string PathOf(string id) => $"v1/campaigns/{Uri.EscapeDataString(id)}";
}
