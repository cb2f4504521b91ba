using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using Confluent.Kafka;

namespace Flywheel.Silo.Tests.Kafka;

/// <summary>Brokers as librdkafka mocks them, in this process, that any client on this machine can connect to. A topic is there once it has a message, with four partitions.</summary>
internal sealed class MockCluster : IDisposable
{
    private const int NoLeader = -1;

    public const int Partitions = 4;

    private readonly IProducer<byte[]?, byte[]?> _producer;

    public MockCluster()
    {
        _producer = new ProducerBuilder<byte[]?, byte[]?>(new Dictionary<string, string> { ["bootstrap.servers"] = "127.0.0.1:1", ["test.mock.num.brokers"] = "1" })
            .SetLogHandler((_, _) => { }).Build();
        using var admin = new DependentAdminClientBuilder(_producer.Handle).Build();
        Brokers = string.Join(',', admin.GetMetadata(Eventually.Patience).Brokers.Select(broker => $"{broker.Host}:{broker.Port}"));
    }

    /// <summary>As <c>--kafka-brokers</c> takes them.</summary>
    public string Brokers { get; }

    /// <summary>Options of an engine that reads these topics. A consumer that died is taken for dead sooner than usual.</summary>
    /// <param name="more">More lines of the file of properties.</param>
    public string[] Options(TempFolder data, string topics, string more = "")
    {
        var config = data.File("kafka.properties");
        File.WriteAllText(config, "# for tests\nsession.timeout.ms=6000\nheartbeat.interval.ms=500\n" + more);
        return ["--kafka-brokers", Brokers, "--kafka-topics", topics, "--kafka-config", config];
    }

    public Task SendAsync(string topic, string? value, int partition = 0, params (string Name, string Value)[] headers) => SendAsync(topic, [value], partition, headers);

    /// <summary>Sends messages, in order; they are there once this returns.</summary>
    public async Task SendAsync(string topic, IEnumerable<string?> values, int partition = 0, params (string Name, string Value)[] headers)
    {
        var sent = values.Select(value => _producer.ProduceAsync(new TopicPartition(topic, partition), MessageOf(value, headers), TestContext.Current.CancellationToken)).ToList();
        await Task.WhenAll(sent);
    }

    /// <summary>Reads messages of a topic, as many as are expected.</summary>
    public IReadOnlyList<Message<byte[]?, byte[]?>> Read(string topic, int expected)
    {
        using var consumer = new ConsumerBuilder<byte[]?, byte[]?>(new ConsumerConfig { BootstrapServers = Brokers, GroupId = $"{Guid.NewGuid():n}" }).SetLogHandler((_, _) => { }).Build();
        consumer.Assign(Enumerable.Range(0, Partitions).Select(partition => new TopicPartitionOffset(topic, partition, Offset.Beginning)));
        var read = new List<Message<byte[]?, byte[]?>>();
        while (read.Count < expected && consumer.Consume(Eventually.Patience) is { } result)
            read.Add(result.Message);
        return read;
    }

    /// <summary>Takes a partition's leader away, so that nobody can ask for it, or gives it its broker back.</summary>
    public void Lead(string topic, int partition, bool isLed)
    {
        // The client's own wrapper has no call for it.
        var client = (SafeHandle)typeof(Handle).GetProperty("LibrdkafkaHandle", BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(_producer.Handle)!;
        var cluster = Call<MockOf>("rd_kafka_handle_mock_cluster")(client.DangerousGetHandle());
        Assert.Equal(0, Call<SetLeader>("rd_kafka_mock_partition_set_leader")(cluster, Encoding.UTF8.GetBytes(topic + '\0'), partition, isLed ? 1 : NoLeader));
    }

    public void Dispose() => _producer.Dispose();

    private static Message<byte[]?, byte[]?> MessageOf(string? value, (string Name, string Value)[] headers)
    {
        var all = new Headers();
        foreach (var (name, text) in headers)
            all.Add(name, Encoding.UTF8.GetBytes(text));
        return new Message<byte[]?, byte[]?> { Key = "key"u8.ToArray(), Value = value is null ? null : Encoding.UTF8.GetBytes(value), Headers = all };
    }

    /// <summary>A function of the library that the client has loaded, which is one of several.</summary>
    private static T Call<T>(string name)
    {
        using var process = Process.GetCurrentProcess();
        var library = process.Modules.Cast<ProcessModule>().First(module => module.ModuleName.Contains("librdkafka", StringComparison.Ordinal)).FileName;
        return Marshal.GetDelegateForFunctionPointer<T>(NativeLibrary.GetExport(NativeLibrary.Load(library), name));
    }

    private delegate nint MockOf(nint client);

    private delegate int SetLeader(nint cluster, byte[] topic, int partition, int broker);
}
