using System.Globalization;
using Flywheel.Signals.Tests.Redis;
using Flywheel.Silo.Tests;
using Flywheel.TestKit;

namespace Flywheel.Samples.Tests;

/// <summary>What <c>samples/Grafana/run.sh</c> starts. Grafana cannot be had here: Prometheus is asked what its panels ask.</summary>
public sealed class GrafanaTests
{
    [Fact]
    public async Task Prometheus_OfTheSample_HasWhatThePanelsAsk()
    {
        Assert.SkipWhen(Programs.Find("prometheus") is null, "prometheus is missing; test.sh installs it (Debian: apt-get install prometheus)");
        using var data = new TempFolder();
        await using var engine = await EngineProcess.StartAsync(data, "--demo");
        var address = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{RedisServer.FreePort()}");
        var configuration = await File.ReadAllTextAsync(Repository.File("samples/Grafana/prometheus.yml"), TestContext.Current.CancellationToken);
        Assert.Contains("127.0.0.1:8080", configuration, StringComparison.Ordinal);
        await File.WriteAllTextAsync(data.File("prometheus.yml"), configuration.Replace("127.0.0.1:8080", engine.Api.Http.BaseAddress!.Authority, StringComparison.Ordinal).Replace("5s", "1s", StringComparison.Ordinal), TestContext.Current.CancellationToken);

        await using var sample = SampleProcess.Start(Repository.File("samples/Grafana/run.sh"), data.File("prometheus.yml"), address);
        using var prometheus = new Api(new Uri($"http://{address}"));
        await Eventually.ReadsAsync(() => AskAsync(prometheus, "sum(rate(flywheel_decisions_total[30s]))"), value => value > 0, "decisions a second", _ => sample.Output, TimeSpan.FromSeconds(60));
    }

    private static async Task<double> AskAsync(Api prometheus, string expression)
    {
        try
        {
            var answer = await prometheus.GetAsync($"/api/v1/query?query={Uri.EscapeDataString(expression)}");
            return answer.Status == 200 && answer.Json["data"]!["result"]!.AsArray() is [{ } series]
                ? double.Parse(series["value"]![1]!.GetValue<string>(), CultureInfo.InvariantCulture)
                : 0;
        }
        catch (HttpRequestException)
        {
            return 0;
        }
    }
}
