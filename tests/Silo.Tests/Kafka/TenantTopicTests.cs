using Flywheel.Silo.Tests.Access;

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
}
