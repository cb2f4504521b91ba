using System.Globalization;
using Flywheel.Signals.Tests.Redis;

namespace Flywheel.Silo.Tests.Kafka;

/// <summary>Engines that end in the middle, and engines that read the same: each message is in the ledger once, though none has an id.</summary>
public sealed class CrashTests : IDisposable
{
    private const string Topic = "shop-signals";

    private readonly TempFolder _data = new();
    private readonly MockCluster _cluster = new();

    public void Dispose()
    {
        _cluster.Dispose();
        _data.Dispose();
    }

    [Fact]
    public async Task KilledEngine_Embedded_CountsEachMessageOnce()
    {
        const int Kills = 3;
        const int Messages = 2_000;
        var engine = await EngineProcess.StartAsync(_data, _cluster.Options(_data, Topic));
        (await engine.Api.PutAsync($"/v1/campaigns/{Readings.Campaign}", Readings.Document)).Expect(201);
        for (var kill = 1; kill <= Kills; kill++)
        {
            var before = await AcceptedAsync(engine);
            var sending = SendAsync(Messages, Messages * (kill - 1));
            await Eventually.ReadsAsync(() => AcceptedAsync(engine), accepted => accepted > before, $"more than {before} signals", patience: TimeSpan.FromSeconds(60));
            engine.Kill();
            await sending;
            await engine.DisposeAsync();
            engine = await EngineProcess.StartAsync(_data, _cluster.Options(_data, Topic));
        }

        await engine.Api.CountsAsync(MockCluster.Partitions * Readings.SignalsOf(Messages * Kills));
        await engine.DisposeAsync();
    }

    /// <summary>One of two silos dies and comes back, and the group gives its partitions to the other and back meanwhile.</summary>
    [Fact]
    public async Task KilledSilo_OfTwo_CountsEachMessageOnce()
    {
        await using var redis = await RedisServer.StartAsync();
        using var other = new TempFolder();
        await using var stays = await StartAsync(redis, _data, _cluster);
        (await stays.Api.PutAsync($"/v1/campaigns/{Readings.Campaign}", Readings.Document)).Expect(201);
        var dies = await StartAsync(redis, other, _cluster);
        await _cluster.SendAsync(Topic, Readings.Messages(1));
        await dies.Api.MetricAsync("flywheel_kafka_partitions", partitions => partitions == 2, "2");

        var sending = SendAsync(3_000, first: 0);
        await dies.Api.MetricAsync("flywheel_kafka_messages_total{outcome=\"taken\"}", taken => taken > 0, "more than 0");
        dies.Kill();
        await sending;
        await dies.DisposeAsync();
        await stays.Api.MetricAsync("flywheel_kafka_partitions", partitions => partitions == MockCluster.Partitions, "all");
        await using var back = await StartAsync(redis, other, _cluster);
        await SendAsync(1_000, first: 3_000);

        await stays.Api.CountsAsync(1 + MockCluster.Partitions * Readings.SignalsOf(4_000));
    }

    /// <summary>
    /// Each silo has brokers of its own with the same messages, so that both own all partitions all the time: what a moment of a rebalance may
    /// be, for as long as it lasts.
    /// </summary>
    [Fact]
    public async Task TwoSilos_ThatBothOwnThePartitions_CountEachMessageOnce()
    {
        await using var redis = await RedisServer.StartAsync();
        using var other = new TempFolder();
        using var twin = new MockCluster();
        await using var one = await StartAsync(redis, _data, _cluster);
        (await one.Api.PutAsync($"/v1/campaigns/{Readings.Campaign}", Readings.Document)).Expect(201);
        await using var two = await StartAsync(redis, other, twin);

        const int LeastRounds = 20;
        const int MostRounds = 400;
        const int Messages = 30;
        var rounds = 0;
        for (; rounds < LeastRounds || (rounds < MostRounds && await RefusedAsync(one) + await RefusedAsync(two) == 0); rounds++)
        {
            await Task.WhenAll(((MockCluster[])[_cluster, twin]).SelectMany(cluster => Enumerable.Range(0, MockCluster.Partitions)
                .Select(partition => cluster.SendAsync(Topic, Readings.Messages(Messages, Messages * rounds), partition))));
            // The topic is there with its first message; what follows is for both to fight over.
            foreach (var silo in (EngineProcess[])(rounds == 0 ? [one, two] : []))
                await silo.Api.MetricAsync("flywheel_kafka_partitions", partitions => partitions == MockCluster.Partitions, "all");
        }
        Assert.True(rounds < MostRounds, "Expected appends that were refused; came none.");

        await one.Api.CountsAsync(MockCluster.Partitions * Readings.SignalsOf(Messages * rounds));
        foreach (var silo in (EngineProcess[])[one, two])
            await silo.Api.MetricAsync($"flywheel_kafka_lag_messages{{topic=\"{Topic}\"}}", lag => lag == 0, "0");
        await two.Api.CountsAsync(MockCluster.Partitions * Readings.SignalsOf(Messages * rounds));
    }

    /// <summary>Redis that loses what it wrote last goes back with the offsets, so what is missing is read again.</summary>
    [Fact]
    public async Task Redis_ThatLosesItsTail_IsReadIntoAgain()
    {
        await using var redis = await RedisServer.StartAsync("--appendfsync", "always");
        await using var engine = await StartAsync(redis, _data, _cluster);
        (await engine.Api.PutAsync($"/v1/campaigns/{Readings.Campaign}", Readings.Document)).Expect(201);
        await SendAsync(500, first: 0);
        await engine.Api.CountsAsync(MockCluster.Partitions * Readings.SignalsOf(500));

        redis.Kill();
        redis.CutTail((int)(new FileInfo(redis.AppendOnlyFile).Length / 2));
        await redis.RestartAsync();
        await SendAsync(1, first: 500);

        var expected = MockCluster.Partitions * Readings.SignalsOf(501);
        var scores = await Eventually.ReadsAsync(() => engine.Api.ScoresAsync(Readings.Campaign), scores => scores.Ledger.Accepted == expected, $"{expected} signals", scores => scores.Ledger, TimeSpan.FromSeconds(120));
        Assert.Equal((expected, 0), (scores.Ledger.Counted, scores.Ledger.Duplicate));
    }

    private static Task<EngineProcess> StartAsync(RedisServer redis, TempFolder data, MockCluster cluster) => EngineProcess.StartAsync(data,
    [
        "--redis", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{redis.Port}"), "--gateway-port", "0", "--drain-seconds", "0",
        "--silo-port", RedisServer.FreePort().ToString(CultureInfo.InvariantCulture), .. cluster.Options(data, Topic),
    ]);

    /// <summary>Sends so many messages to each partition, a few at a time.</summary>
    private async Task SendAsync(int many, int first)
    {
        foreach (var part in Readings.Messages(many, first).Chunk(50))
            await Task.WhenAll(Enumerable.Range(0, MockCluster.Partitions).Select(partition => _cluster.SendAsync(Topic, part, partition)));
    }

    private static async Task<long> AcceptedAsync(EngineProcess engine) => (await engine.Api.ScoresAsync(Readings.Campaign)).Ledger.Accepted;

    private static Task<double> RefusedAsync(EngineProcess engine) => engine.Api.MetricAsync("flywheel_kafka_refused_appends_total");
}
