using Flywheel.Signals;
using Microsoft.Extensions.DependencyInjection;

namespace Flywheel.Silo.Tests.Kafka;

/// <summary>Where signals cannot be taken they wait with the brokers, and none is lost or counted twice.</summary>
public sealed class PauseTests : IDisposable
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
    public async Task Reading_BacklogFullOrStoreAway_WaitsAndGoesOn()
    {
        WaitingStore store = null!;
        await using var engine = await StartAsync(services =>
        {
            store = new WaitingStore(The<ISignalStore>(services));
            services.AddSingleton<ISignalStore>(store);
        });
        await _cluster.SendAsync(Topic, Readings.Messages(10));
        await engine.Api.CountsAsync(Readings.SignalsOf(10));

        store.MoreBacklog = 5_000_000;
        await engine.Api.MetricAsync("flywheel_kafka_paused{reason=\"backlog\"}", paused => paused == 1, "1");
        await _cluster.SendAsync(Topic, Readings.Messages(10, first: 10));
        await engine.Api.MetricAsync($"flywheel_kafka_lag_messages{{topic=\"{Topic}\"}}", lag => lag == 10, "10");
        store.Trouble = "scripted";
        await engine.Api.MetricAsync("flywheel_kafka_paused{reason=\"store\"}", paused => paused == 1, "1");
        Assert.Equal(0, await engine.Api.MetricAsync("flywheel_kafka_paused{reason=\"backlog\"}"));
        Assert.Equal(10, await engine.Api.MetricAsync("flywheel_kafka_messages_total{outcome=\"taken\"}"));
        (store.Trouble, store.MoreBacklog) = (null, 0);

        await engine.Api.CountsAsync(Readings.SignalsOf(20));
        Assert.Equal(0, await engine.Api.MetricAsync("flywheel_kafka_messages_total{outcome=\"again\"}"));
    }

    [Fact]
    public async Task Brokers_ThatAreAway_ShowAsTheReason()
    {
        await using var engine = await StartAsync();
        await _cluster.SendAsync(Topic, Readings.Messages(10));
        await engine.Api.CountsAsync(Readings.SignalsOf(10));
        Assert.Equal(0, await engine.Api.MetricAsync("flywheel_kafka_paused{reason=\"brokers\"}"));

        _cluster.Dispose();

        await engine.Api.MetricAsync("flywheel_kafka_paused{reason=\"brokers\"}", paused => paused == 1, "1");
    }

    [Fact]
    public async Task Appends_OfUnknownOutcome_CountOnce()
    {
        await using var engine = await StartAsync(services =>
            services.AddSingleton<ISourceLog>(new InterruptedLog(The<ISourceLog>(services))));

        for (var part = 0; part < 6; part++)
        {
            await _cluster.SendAsync(Topic, Readings.Messages(20, first: 20 * part), part % MockCluster.Partitions);
            await engine.Api.CountsAsync(Readings.SignalsOf(20 * (part + 1)));
        }
    }

    /// <summary>A disk that is full, say: what can be read cannot be written.</summary>
    [Fact]
    public async Task Appends_ThatFail_PauseAndAreNotTriedAllTheTime()
    {
        RefusingLog log = null!;
        await using var engine = await StartAsync(services =>
        {
            log = new RefusingLog(The<ISourceLog>(services));
            services.AddSingleton<ISourceLog>(log);
        });
        await _cluster.SendAsync(Topic, Readings.Messages(10));
        await engine.Api.CountsAsync(Readings.SignalsOf(10));

        log.Refuses = true;
        await _cluster.SendAsync(Topic, Readings.Messages(10, first: 10));
        await engine.Api.MetricAsync("flywheel_kafka_paused{reason=\"store\"}", paused => paused == 1, "1");
        await Eventually.ReadsAsync(() => Task.FromResult(log.Refused), refused => refused.Count > 3, "a fourth try", patience: TimeSpan.FromSeconds(60));
        log.Refuses = false;

        // A second, less what timers and the first fetch after it may be off.
        Assert.All(log.Refused.Zip(log.Refused.Skip(1)), tries => Assert.True(tries.Second - tries.First > TimeSpan.FromMilliseconds(900), $"Tried again after {tries.Second - tries.First}"));
        await engine.Api.CountsAsync(Readings.SignalsOf(20));
        await engine.Api.MetricAsync("flywheel_kafka_paused{reason=\"store\"}", paused => paused == 0, "0");
    }

    /// <summary>The group's offsets are for people to look at: the log knows better.</summary>
    [Fact]
    public async Task Restart_OfTheEngine_GoesOnWhereTheLogIs()
    {
        await using (var engine = await StartAsync())
        {
            await _cluster.SendAsync(Topic, Readings.Messages(10));
            await engine.Api.CountsAsync(Readings.SignalsOf(10));
        }
        await _cluster.SendAsync(Topic, Readings.Messages(10, first: 10));

        await using var again = await StartAsync();

        await again.Api.CountsAsync(Readings.SignalsOf(20));
        Assert.Equal(10, await again.Api.MetricAsync("flywheel_kafka_messages_total{outcome=\"taken\"}"));
    }

    [Fact]
    public async Task Partition_NeverRead_BeginsAtItsEndWhereAsked()
    {
        await _cluster.SendAsync(Topic, Readings.Messages(10));
        await using (var engine = await Engine.StartAsync(_data, args: _cluster.Options(_data, Topic, "auto.offset.reset=latest")))
        {
            (await engine.Api.PutAsync($"/v1/campaigns/{Readings.Campaign}", Readings.Document)).Expect(201);
            await engine.Api.MetricAsync("flywheel_kafka_partitions", partitions => partitions == MockCluster.Partitions, "all");
            await engine.Api.MetricAsync($"flywheel_kafka_lag_messages{{topic=\"{Topic}\"}}", lag => lag == 0, "0");
        }
        // From here on the log knows where it was.
        await _cluster.SendAsync(Topic, Readings.Messages(5));

        await using var again = await Engine.StartAsync(_data, args: _cluster.Options(_data, Topic));

        await again.Api.CountsAsync(Readings.SignalsOf(5));
    }

    /// <summary>Offsets that begin anew are other messages; taking them for old ones would lose them.</summary>
    [Fact]
    public async Task Topic_MadeAnew_IsNotReadUnderTheSameGroup()
    {
        await using (var engine = await StartAsync())
        {
            await _cluster.SendAsync(Topic, Readings.Messages(10));
            await engine.Api.CountsAsync(Readings.SignalsOf(10));
        }
        using var anew = new MockCluster();
        await anew.SendAsync(Topic, Readings.Messages(5));
        await anew.SendAsync(Topic, Readings.Messages(3), partition: 1);

        await using (var engine = await Engine.StartAsync(_data, args: anew.Options(_data, Topic)))
        {
            await engine.Api.MetricAsync("flywheel_kafka_partitions_blocked{reason=\"ended\"}", blocked => blocked == 1, "1");
            await engine.Api.CountsAsync(Readings.SignalsOf(10) + Readings.SignalsOf(3));
        }
        await using (var engine = await Engine.StartAsync(_data, args: [.. anew.Options(_data, Topic), "--kafka-group", "anew"]))
        {
            await engine.Api.CountsAsync(Readings.SignalsOf(10) + 2 * Readings.SignalsOf(3) + Readings.SignalsOf(5));
            Assert.Equal(0, await engine.Api.MetricAsync("flywheel_kafka_partitions_blocked{reason=\"ended\"}"));
        }
    }

    [Fact]
    public async Task Partitions_WithoutALeader_HoldUpNoOther()
    {
        const int Led = MockCluster.Partitions - 1;
        for (var partition = 0; partition < Led; partition++)
        {
            await _cluster.SendAsync(Topic, Readings.Messages(5), partition);
            _cluster.Lead(Topic, partition, isLed: false);
        }
        await using var engine = await StartAsync();

        for (var part = 0; part < 3; part++)
        {
            await _cluster.SendAsync(Topic, Readings.Messages(10, first: 10 * part), Led);
            await engine.Api.CountsAsync(Readings.SignalsOf(10 * (part + 1)));
        }
        await engine.Api.MetricAsync("flywheel_kafka_partitions_blocked{reason=\"brokers\"}", blocked => blocked == Led, $"{Led}");
        Assert.Equal(0, await engine.Api.MetricAsync("flywheel_kafka_paused{reason=\"brokers\"}"));
        for (var partition = 0; partition < Led; partition++)
            _cluster.Lead(Topic, partition, isLed: true);

        await engine.Api.CountsAsync(Readings.SignalsOf(30) + Led * Readings.SignalsOf(5));
        Assert.Equal(0, await engine.Api.MetricAsync("flywheel_kafka_partitions_blocked{reason=\"brokers\"}"));
    }

    /// <summary>What the engine would use.</summary>
    private static T The<T>(IServiceCollection services) => (T)services.Last(service => service.ServiceType == typeof(T)).ImplementationInstance!;

    private async Task<Engine> StartAsync(Action<IServiceCollection>? customise = null)
    {
        var engine = await Engine.StartAsync(_data, customise, _cluster.Options(_data, Topic));
        await engine.Api.PutAsync($"/v1/campaigns/{Readings.Campaign}", Readings.Document);
        return engine;
    }
}
