using Confluent.Kafka;

// Brokers in memory, as librdkafka mocks them for tests: they are gone when this ends.
var topic = args.FirstOrDefault() ?? "shop-signals";
var settings = new Dictionary<string, string> { ["bootstrap.servers"] = "127.0.0.1:1", ["test.mock.num.brokers"] = "1" };
using var producer = new ProducerBuilder<Null, string>(settings).SetLogHandler((_, _) => { }).Build();
using var admin = new DependentAdminClientBuilder(producer.Handle).Build();
var broker = admin.GetMetadata(TimeSpan.FromSeconds(10)).Brokers[0];
Console.WriteLine($"{broker.Host}:{broker.Port}");
while (await Console.In.ReadLineAsync() is { } line)
{
    var sent = await producer.ProduceAsync(topic, new Message<Null, string> { Value = line });
    Console.WriteLine($"{sent.TopicPartitionOffset}");
}
