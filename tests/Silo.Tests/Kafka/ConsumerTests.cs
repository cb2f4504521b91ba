using System.Text;
using Confluent.Kafka;

namespace Flywheel.Silo.Tests.Kafka;

/// <summary>What an engine takes from topics, and what becomes of the rest.</summary>
public sealed class ConsumerTests : IAsyncLifetime
{
    private const string Topic = "shop-signals";
    private const string Rejects = "shop-rejects";

    private readonly TempFolder _data = new();
    private readonly MockCluster _cluster = new();
    private Engine _engine = null!;

    private Api Api => _engine.Api;

    public async ValueTask InitializeAsync()
    {
        await _cluster.SendAsync("other-signals", "{", partition: 3);
        _engine = await Engine.StartAsync(_data, args: [.. _cluster.Options(_data, $"{Topic}, acme-signals=acme"), "--kafka-dead-letters", Rejects]);
        (await Api.PutAsync($"/v1/campaigns/{Readings.Campaign}", Readings.Document)).Expect(201);
    }

    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        _cluster.Dispose();
        _data.Dispose();
    }

    [Fact]
    public async Task Messages_OfEachForm_AreCounted()
    {
        var event1 = $$"""{"specversion":"1.0","id":"e-1","source":"/shop","type":"seen","data":{{Readings.Impression()}}}""";
        await _cluster.SendAsync(Topic, [
            Readings.Impression(),
            $"\n {{\n  \"segment\": \"seg-2\", {Readings.Impression()[1..]}",
            Wire.Array(Readings.Impression(), Readings.Impression(1)),
            Wire.Lines(Readings.Impression(), "", Readings.Impression(2)),
        ]);
        await _cluster.SendAsync(Topic, Readings.Impression(), 1, ("content-type", "application/x-ndjson"));
        await _cluster.SendAsync(Topic, event1, 2, ("content-type", "application/cloudevents+json; charset=utf-8"));
        await _cluster.SendAsync(Topic, Readings.Impression(), 3, ("ce_specversion", "1.0"), ("ce_id", "e%41-2"), ("ce_source", "/shop"), ("ce_type", "seen"), ("content-type", "application/json"));

        await Api.CountsAsync(9);

        Assert.Equal(7, await Api.MetricAsync("flywheel_kafka_messages_total{outcome=\"taken\"}"));
        Assert.Equal(9, await Api.MetricAsync("flywheel_signals_total{outcome=\"accepted\"}"));
        await Api.MetricAsync($"flywheel_kafka_lag_messages{{topic=\"{Topic}\"}}", lag => lag == 0, "0");
        Assert.Equal(0, await Api.MetricAsync("flywheel_kafka_rejected_total{reason=\"malformed\"}"));
    }

    /// <summary>What anybody may send twice counts once, as over HTTP.</summary>
    [Fact]
    public async Task Signals_OfOneDecision_CountOnceByWhicheverWayTheyCome()
    {
        var decision = await Api.DecideAsync(Readings.Campaign);
        var signal = Wire.Signal(decision, "impression");
        (await Api.PostAsync("/v1/signals", signal)).Expect(202);

        await _cluster.SendAsync(Topic, [signal, Wire.Array(signal, Wire.Signal(decision, "click"))]);

        var scores = await Eventually.ReadsAsync(() => Api.ScoresAsync(Readings.Campaign), scores => scores.Ledger.Accepted == 4, "4 signals", scores => scores.Ledger);
        Assert.Equal((2, 2), (scores.Ledger.Counted, scores.Ledger.Duplicate));
        Assert.Equal((1, 1), (scores.Segments.Sum(segment => segment.Impressions), scores.Segments.Sum(segment => segment.Reward)));
    }

    [Fact]
    public async Task Messages_ThatAreWrong_AreCountedSentOnAndDoNotStopTheRest()
    {
        var decision = await Api.DecideAsync(Readings.Campaign);
        var forged = Wire.Signal(decision.DecisionId[..^4] + "AAAA", "click");
        string?[] wrong =
        [
            "{", null, "5", "[" + Readings.Impression() + ",", forged,
            Readings.Impression(rest: ",\"count\":0"), Readings.Impression().Replace("spring", "winter", StringComparison.Ordinal),
            Readings.Impression().Replace("seg-1", "seg-99", StringComparison.Ordinal), Readings.Impression().Replace("h1", "h9", StringComparison.Ordinal),
            Readings.Impression().Replace("\"impression\"", "\"No such\"", StringComparison.Ordinal), Readings.Impression(rest: ",\"time\":\"soon\""),
            Wire.Array(Enumerable.Repeat(Readings.Impression(), 10_001)),
        ];
        await _cluster.SendAsync(Topic, wrong);
        await _cluster.SendAsync(Topic, Readings.Impression(), 0, ("ce_specversion", "0.3"));
        await _cluster.SendAsync(Topic, "[]", 0, ("content-type", "application/cloudevents+json"));
        await _cluster.SendAsync(Topic, "{}", 0, ("content-type", "application/cloudevents-batch+json"));
        // A decision of the default tenant, in a topic of another's; and a campaign that this tenant does not have.
        await _cluster.SendAsync("acme-signals", [Wire.Signal(decision, "click"), Readings.Impression()]);
        await _cluster.SendAsync(Topic, Wire.Array(Readings.Impression(), "{}", Readings.Impression(1)));
        await _cluster.SendAsync(Topic, Readings.Impression(2));

        await Api.CountsAsync(3);

        var rejected = wrong.Length + 6;
        await Api.MetricAsync("flywheel_kafka_messages_total{outcome=\"rejected\"}", messages => messages == rejected, $"{rejected}");
        Assert.Equal(1, await Api.MetricAsync("flywheel_kafka_messages_total{outcome=\"taken\"}"));
        foreach (var (reason, signals) in ((string, int)[])[("malformed", 6), ("decisionId", 2), ("count", 1), ("campaign", 2), ("segment", 1), ("modules", 1), ("type", 2), ("time", 1), ("size", 1), ("specversion", 1)])
            Assert.True(await Api.MetricAsync($"flywheel_kafka_rejected_total{{reason=\"{reason}\"}}") == signals, $"Expected {signals} rejected for {reason}");
        Assert.Equal(rejected, await Api.MetricAsync("flywheel_kafka_dead_letters_total"));
        Assert.Equal(rejected, await Api.MetricAsync("flywheel_signals_total{outcome=\"rejected\"}"));
        var letters = _cluster.Read(Rejects, rejected);
        Assert.Equal(rejected, letters.Count);
        var letter = letters.Single(letter => Text(letter.Value) == forged);
        Assert.Equal(("key", Topic, "0", "4", "0"), (Text(letter.Key), Header(letter, "topic"), Header(letter, "partition"), Header(letter, "offset"), Header(letter, "index")));
        Assert.StartsWith("decisionId: came one whose signature does not match", Header(letter, "error"), StringComparison.Ordinal);
        Assert.Contains(letters, letter => Text(letter.Value) == "{}" && Header(letter, "index") == "1");
        Assert.Contains(letters, letter => letter.Headers.TryGetLastBytes("ce_specversion", out _) && Header(letter, "error").StartsWith("specversion: came \"0.3\"", StringComparison.Ordinal));
    }

    /// <summary>A value that fits a message may not fit one with what is said of it.</summary>
    [Fact]
    public async Task Message_TooLargeForALetter_IsSentOnCutAndStopsNothing()
    {
        var large = $"{{\"more\":\"{new string('x', 999_000)}\"";
        await _cluster.SendAsync(Topic, large, 0, ("trace", new string('y', 800)));
        await _cluster.SendAsync(Topic, Readings.Impression());

        await Api.CountsAsync(1);

        var letter = Assert.Single(_cluster.Read(Rejects, 1));
        Assert.Equal((large[..(16 * 1024)], $"{large.Length}"), (Text(letter.Value), Header(letter, "size")));
    }

    private static string Text(byte[]? bytes) => Encoding.UTF8.GetString(bytes ?? []);

    private static string Header(Message<byte[]?, byte[]?> letter, string name) => letter.Headers.TryGetLastBytes($"flywheel-{name}", out var value) ? Text(value) : "";
}
