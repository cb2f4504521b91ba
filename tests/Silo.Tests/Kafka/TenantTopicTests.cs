using Flywheel.Silo.Api.Kafka;
using Flywheel.Silo.Hosting;
using Flywheel.Silo.Tests.Access;
using Microsoft.Extensions.DependencyInjection;

namespace Flywheel.Silo.Tests.Kafka;

/// <summary>A topic's signals are its tenant's, whatever they say.</summary>
public sealed class TenantTopicTests
{
    [Fact]
    public async Task Signals_OfATenantsTopic_AreAboutItsCampaigns()
    {
        using var data = new TempFolder();
        using var cluster = new MockCluster();
        var keys = new Keys(data.File("keys.json")).Add("acme", "admin").Add("default", "admin");
        await using var engine = await Engine.StartAsync(data, args: ["--api-keys", keys.Save().Path, .. cluster.Options(data, "acme-signals=acme,own-signals")]);
        using var acme = keys.For(engine.Url, "acme", "admin");
        using var own = keys.For(engine.Url, "default", "admin");
        foreach (var api in (Api[])[acme, own])
            (await api.PutAsync($"/v1/campaigns/{Readings.Campaign}", Readings.Document)).Expect(201);

        await cluster.SendAsync("acme-signals", Readings.Messages(5));
        await cluster.SendAsync("own-signals", Wire.Signal(await acme.DecideAsync(Readings.Campaign), "impression"));
        await cluster.SendAsync("own-signals", Readings.Messages(2));

        await acme.CountsAsync(Readings.SignalsOf(5));
        await own.CountsAsync(Readings.SignalsOf(2));
        var metrics = (await own.GetAsync("/metrics")).Text;
        Assert.Contains("flywheel_kafka_rejected_total{reason=\"decisionId\"} 1\n", metrics, StringComparison.Ordinal);
    }

    /// <summary>What cannot be told apart any more waits with the brokers, as it is turned away over HTTP; other tenants' topics are read on.</summary>
    [Fact]
    public async Task Topic_OfATenantWhoseShareIsTaken_WaitsAndCountsOnceThereIsRoom()
    {
        using var data = new TempFolder();
        using var cluster = new MockCluster();
        var keys = new Keys(data.File("keys.json")).Add("acme", "admin").Add("default", "admin");
        // Its own: the partitions say of the engine's every few seconds that there is room.
        var crowded = new CrowdedTenants();
        crowded.Take([.. Enumerable.Range(0, 64).Select(partition => (partition, "acme"))], []);
        await using var engine = await Engine.StartAsync(data, services => services.AddSingleton(provider => ActivatorUtilities.CreateInstance<BatchTaker>(provider, crowded)), ["--api-keys", keys.Save().Path, .. cluster.Options(data, "acme-signals=acme,own-signals")]);
        using var acme = keys.For(engine.Url, "acme", "admin");
        using var own = keys.For(engine.Url, "default", "admin");
        foreach (var api in (Api[])[acme, own])
            (await api.PutAsync($"/v1/campaigns/{Readings.Campaign}", Readings.Document)).Expect(201);
        await cluster.SendAsync("acme-signals", Readings.Messages(5));
        await cluster.SendAsync("own-signals", Readings.Messages(5));

        await own.CountsAsync(Readings.SignalsOf(5));
        await own.MetricAsync("flywheel_kafka_partitions_blocked{reason=\"crowded\"}", blocked => blocked == 1, "1");
        await own.MetricAsync("flywheel_kafka_lag_messages{topic=\"acme-signals\"}", lag => lag == 5, "5");
        Assert.Equal(0, (await acme.ScoresAsync(Readings.Campaign)).Ledger.Accepted);
        crowded.Take([], []);

        await acme.CountsAsync(Readings.SignalsOf(5));
        Assert.Equal(0, (await acme.ScoresAsync(Readings.Campaign)).Ledger.Quarantined);
        await own.MetricAsync("flywheel_kafka_partitions_blocked{reason=\"crowded\"}", blocked => blocked == 0, "0");
    }
}
