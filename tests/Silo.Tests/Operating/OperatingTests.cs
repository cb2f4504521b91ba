using System.Globalization;
using System.Text.RegularExpressions;

namespace Flywheel.Silo.Tests.Operating;

public sealed partial class OperatingTests(Engine engine) : EngineTest(engine)
{
    [Theory]
    [InlineData("startup", "ready")]
    [InlineData("ready", "ready")]
    [InlineData("live", "live")]
    public async Task Health_OfARunningEngine_IsWell(string probe, string status) =>
        Assert.Equal(status, (await Api.GetAsync($"/health/{probe}")).Expect(200).Json["status"]!.GetValue<string>());

    [Fact]
    public async Task Metrics_AfterTraffic_HoldTheEnginesFigures()
    {
        await PutAsync(Wire.Spring);
        var before = await ReadAsync();

        await SendAllAsync(Wire.Signal(await DecideAsync(), "impression"));
        await SendAsync(Wire.Signal("forged", "impression"));
        await SettledAsync();

        var after = await ReadAsync();
        foreach (var name in (string[])["flywheel_campaigns", "flywheel_backlog_signals", "flywheel_policy_age_seconds", "flywheel_commits_failed_total"])
            Assert.Contains(name, after.Keys);
        foreach (var name in (string[])["flywheel_append_seconds", "flywheel_commit_seconds", "flywheel_fit_seconds"])
            Assert.True(after[$"{name}_count"] > 0);
        Assert.True(Sum(after, "flywheel_decisions_total{") >= Sum(before, "flywheel_decisions_total{") + 1);
        Assert.True(after["flywheel_signals_total{outcome=\"accepted\"}"] >= before.GetValueOrDefault("flywheel_signals_total{outcome=\"accepted\"}") + 1);
        Assert.True(after["flywheel_signals_total{outcome=\"rejected\"}"] >= before.GetValueOrDefault("flywheel_signals_total{outcome=\"rejected\"}") + 1);
        Assert.Equal(0, after["flywheel_commits_failed_total"]);
    }

    [Fact]
    public async Task Metrics_Ledger_AddsUpInEachPartition()
    {
        await PutAsync(Wire.Spring);
        var decision = await DecideAsync();
        await SendAllAsync(Wire.Signal(decision, "click"), Wire.Signal(decision, "click"));
        await SettledAsync();

        // The gauges are read while other tests go on, so a reading may fall between two of them.
        await Eventually.ReadsAsync(ReadAsync, figures => Ledgers(figures).All(ledger => ledger.Accepted == ledger.Others), "ledgers that add up",
            figures => string.Join(", ", Ledgers(figures)));

        Assert.NotEmpty(Ledgers(await ReadAsync()));
        Assert.True(Sum(await ReadAsync(), "flywheel_ledger_signals{", "outcome=\"duplicate\"") >= 1);
    }

    [Fact]
    public async Task OpenApi_ListsEveryEndpoint()
    {
        var document = (await Api.GetAsync("/openapi/v1.json")).Expect(200).Json;

        Assert.StartsWith("3.", document["openapi"]!.GetValue<string>(), StringComparison.Ordinal);
        (string Path, string[] Methods)[] expected =
        [
            ("/v1/campaigns", ["get"]),
            ("/v1/campaigns/{id}", ["delete", "get", "patch", "put"]),
            ("/v1/campaigns/{id}/scores", ["get"]),
            ("/v1/campaigns/{id}/scores/stream", ["get"]),
            ("/v1/campaigns/{id}/policy", ["get"]),
            ("/v1/campaigns/{id}/policy/stream", ["get"]),
            ("/v1/campaigns/{id}/lease", ["post"]),
            ("/v1/decisions/served", ["post"]),
            ("/v1/decisions", ["post"]),
            ("/v1/decisions/batch", ["post"]),
            ("/v1/signals", ["post"]),
            ("/v1/b/{type}/{decisionId}", ["get", "post"]),
            ("/health/startup", ["get"]),
            ("/health/ready", ["get"]),
            ("/health/live", ["get"]),
        ];
        var paths = document["paths"]!.AsObject();
        Assert.All(expected, endpoint =>
        {
            Assert.True(paths.ContainsKey(endpoint.Path), $"Expected {endpoint.Path}; came {string.Join(", ", paths.Select(path => path.Key))}");
            Assert.Equal(endpoint.Methods, paths[endpoint.Path]!.AsObject().Select(operation => operation.Key).Where(key => key is not "parameters").Order(StringComparer.Ordinal));
        });
    }

    [Theory]
    [InlineData("GET", "/v1/nothing", 404)]
    [InlineData("GET", "/v1/decisions", 405)]
    [InlineData("PUT", "/v1/signals", 405)]
    public async Task Request_ForWhatIsNotThere_AnswersAProblem(string method, string path, int status) =>
        (await Api.SendAsync(HttpMethod.Parse(method), path)).ExpectProblem(status);

    private static IEnumerable<(string Partition, double Accepted, double Others)> Ledgers(Dictionary<string, double> figures) =>
        figures.Where(figure => figure.Key.StartsWith("flywheel_ledger_signals{", StringComparison.Ordinal))
            .GroupBy(figure => Partition().Match(figure.Key).Groups[1].Value)
            .Select(partition => (
                partition.Key,
                partition.Single(figure => figure.Key.Contains("\"accepted\"", StringComparison.Ordinal)).Value,
                partition.Where(figure => !figure.Key.Contains("\"accepted\"", StringComparison.Ordinal)).Sum(figure => figure.Value)));

    private static double Sum(Dictionary<string, double> figures, string prefix, string part = "") =>
        figures.Where(figure => figure.Key.StartsWith(prefix, StringComparison.Ordinal) && figure.Key.Contains(part, StringComparison.Ordinal)).Sum(figure => figure.Value);

    /// <summary>Each sample by its name and labels.</summary>
    private async Task<Dictionary<string, double>> ReadAsync()
    {
        var answer = (await Api.GetAsync("/metrics")).Expect(200);
        Assert.Equal("text/plain", answer.ContentType);
        return answer.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] != '#')
            .ToDictionary(line => line[..line.LastIndexOf(' ')], line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
    }

    [GeneratedRegex("partition=\"(\\d+)\"")]
    private static partial Regex Partition();
}
