using System.Globalization;
using Flywheel.Silo.Tests.Access;

namespace Flywheel.Silo.Tests.Operating;

public sealed class ClusterReportTests(Engine engine) : EngineTest(engine)
{
    [Fact]
    public async Task Cluster_OfOneSilo_NamesItAndItsPartitions()
    {
        await PutAsync(Wire.Spring);
        await SendAllAsync(Wire.Signal(await DecideAsync(), "impression"));
        await SettledAsync();

        var report = (await Api.GetAsync("/v1/cluster")).Expect(200).Json;

        var silo = Assert.Single(report["silos"]!.AsArray())!;
        Assert.Equal(("active", true), (silo["status"]!.GetValue<string>(), silo["isThis"]!.GetValue<bool>()));
        var age = TimeProvider.System.GetUtcNow() - DateTimeOffset.Parse(silo["since"]!.GetValue<string>(), CultureInfo.InvariantCulture);
        Assert.InRange(age, TimeSpan.FromSeconds(-5), TimeSpan.FromMinutes(30));
        Assert.Equal(16, report["partitions"]!.AsArray().Count);
        Assert.All(report["partitions"]!.AsArray(), partition => Assert.Equal(silo["address"]!.GetValue<string>(), partition!["silo"]!.GetValue<string>()));
        Assert.True(report["partitions"]!.AsArray().Sum(partition => partition!["ledger"]!["accepted"]!.GetValue<long>()) >= Accepted);
        Assert.True(report["partitions"]!.AsArray().Sum(partition => partition!["segments"]!.GetValue<int>()) >= 2);
        Assert.Equal("ready", report["status"]!.GetValue<string>());
        Assert.Null(report["degraded"]);
        Assert.True(report["uptimeSeconds"]!.GetValue<double>() > 0);
        Assert.Matches(@"^\d+\.\d+\.\d+", report["version"]!.GetValue<string>());
        Assert.Null(report["links"]!["grafana"]);
    }

    [Fact]
    public async Task Cluster_WithALinkToGrafana_SaysIt()
    {
        await using var engine = await Engine.StartAsync(args: ["--grafana-url", "https://grafana.example.com/d/1"]);

        Assert.Equal("https://grafana.example.com/d/1", (await engine.Api.GetAsync("/v1/cluster")).Expect(200).Json["links"]!["grafana"]!.GetValue<string>());
    }

    [Fact]
    public async Task OrleansDashboard_AskedFor_IsLinkedAndShowsTheSilo()
    {
        await using var engine = await Engine.StartAsync(args: ["--orleans-dashboard"]);

        var report = (await engine.Api.GetAsync("/v1/cluster")).Expect(200).Json;
        Assert.Equal("/orleans/", report["links"]!["orleans"]!.GetValue<string>());
        Assert.Contains("<html", (await engine.Api.GetAsync("/orleans/")).Expect(200).Text, StringComparison.OrdinalIgnoreCase);
        var address = report["silos"]![0]!["address"]!.GetValue<string>();
        await Eventually.ReadsAsync(
            async () => (await engine.Api.GetAsync("/orleans/DashboardCounters")).Expect(200).Json["hosts"]!.AsArray(),
            hosts => hosts.Any(host => host!["siloAddress"]!.GetValue<string>().StartsWith(address, StringComparison.Ordinal)), $"the silo {address}");
        Assert.DoesNotContain("/orleans", (await engine.Api.GetAsync("/openapi/v1.json")).Expect(200).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OrleansDashboard_WithKeys_IsForThoseWhoRunTheEngine()
    {
        using var data = new TempFolder();
        var keys = new Keys(data.File("keys.json")).Add("default", "admin").Add("default", "operate").Save();
        await using var engine = await Engine.StartAsync(data, args: ["--orleans-dashboard", "--api-keys", keys.Path]);
        using var admin = keys.For(engine.Url, "default", "admin");
        using var other = keys.For(engine.Url, "default", "operate");

        foreach (var path in new[] { "/orleans/", "/orleans/DashboardCounters" })
        {
            (await engine.Api.GetAsync(path)).Expect(401);
            (await other.GetAsync(path)).Expect(403);
            (await admin.GetAsync(path)).Expect(200);
        }
    }

    [Fact]
    public async Task OrleansDashboard_NotAskedFor_IsNotThere()
    {
        Assert.Null((await Api.GetAsync("/v1/cluster")).Expect(200).Json["links"]!["orleans"]);
        (await Api.GetAsync("/orleans/")).Expect(404);
        (await Api.GetAsync("/orleans/DashboardCounters")).Expect(404);
    }
}
