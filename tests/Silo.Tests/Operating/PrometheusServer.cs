using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Flywheel.Signals.Tests.Redis;
using Flywheel.TestKit;

namespace Flywheel.Silo.Tests.Operating;

/// <summary>A real Prometheus on the loopback, with the scrape configuration and the alerts of <c>deploy/prometheus</c>.</summary>
internal sealed class PrometheusServer : IAsyncDisposable
{
    private readonly TempFolder _folder;
    private readonly Process _process;
    private readonly HttpClient _http;

    private PrometheusServer(TempFolder folder, Process process, Uri url) =>
        (_folder, _process, _http) = (folder, process, new HttpClient { BaseAddress = url, Timeout = Eventually.Patience });

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static string? Program { get; } =
        Programs.Find("prometheus", Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache/flywheel-lint/debian/usr/bin"));

    public static bool IsMissing => Program is null;

    /// <summary>Starts one that asks this engine every second.</summary>
    public static async Task<PrometheusServer> StartAsync(string engine)
    {
        var folder = new TempFolder();
        var deployed = Repository.File("deploy/prometheus");
        var configuration = (await File.ReadAllTextAsync(Path.Combine(deployed, "scrape.yml"), Cancel))
            .Replace("scrape_interval: 10s", "scrape_interval: 1s", StringComparison.Ordinal)
            .Replace("scrape_timeout: 5s", "scrape_timeout: 1s", StringComparison.Ordinal)
            .Replace("evaluation_interval: 10s", "evaluation_interval: 1s", StringComparison.Ordinal)
            .Replace("127.0.0.1:8081", engine, StringComparison.Ordinal)
            .Replace("          - 127.0.0.1:8082\n          - 127.0.0.1:8083\n", "", StringComparison.Ordinal);
        Assert.DoesNotContain("127.0.0.1:808", configuration, StringComparison.Ordinal);
        await File.WriteAllTextAsync(folder.File("scrape.yml"), configuration, Cancel);
        File.Copy(Path.Combine(deployed, "alerts.yml"), folder.File("alerts.yml"));
        var port = RedisServer.FreePort();
        var url = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));
        var process = Process.Start(new ProcessStartInfo(Program!,
            [$"--config.file={folder.File("scrape.yml")}", $"--storage.tsdb.path={folder.File("data")}", $"--web.listen-address={url.Authority}", "--log.level=error"]))!;
        var server = new PrometheusServer(folder, process, url);
        try
        {
            await Eventually.ReadsAsync(server.IsReadyAsync, ready => ready, "a Prometheus that is ready");
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>What the expression gives now. Fails where Prometheus refuses it.</summary>
    public async Task<JsonArray> QueryAsync(string expression)
    {
        var answer = await GetAsync($"/api/v1/query?query={Uri.EscapeDataString(expression)}");
        Assert.True(answer["status"]!.GetValue<string>() == "success", $"{expression}: {answer["error"]}");
        Assert.Null(answer["warnings"]);
        return answer["data"]!["result"]!.AsArray();
    }

    /// <summary>All rules, as this server runs them.</summary>
    public async Task<JsonNode[]> RulesAsync() =>
        [.. (await GetAsync("/api/v1/rules"))["data"]!["groups"]!.AsArray().SelectMany(group => group!["rules"]!.AsArray()).Select(rule => rule!)];

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
        _folder.Dispose();
    }

    private async Task<bool> IsReadyAsync()
    {
        Assert.False(_process.HasExited, "Prometheus has ended.");
        try
        {
            using var answer = await _http.GetAsync("/-/ready", Cancel);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private async Task<JsonNode> GetAsync(string path)
    {
        using var answer = await _http.GetAsync(path, Cancel);
        return JsonNode.Parse(await answer.Content.ReadAsByteArrayAsync(Cancel))!;
    }
}
