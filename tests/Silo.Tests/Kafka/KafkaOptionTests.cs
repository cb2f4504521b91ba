using Confluent.Kafka;
using Flywheel.Silo.Api.Kafka;
using Flywheel.Silo.Hosting;

namespace Flywheel.Silo.Tests.Kafka;

/// <summary>Options that cannot work are told at the start.</summary>
public sealed class KafkaOptionTests : IDisposable
{
    private readonly TempFolder _data = new();

    public void Dispose() => _data.Dispose();

    [Theory]
    [InlineData(null, "shop", "", "--kafka-brokers: came nothing")]
    [InlineData("127.0.0.1:9092", null, "", "--kafka-topics: came \"\"")]
    [InlineData("not a host", "shop", "", "--kafka-brokers: came not a host")]
    [InlineData("127.0.0.1:9092,", "shop", "", "--kafka-brokers: came 127.0.0.1:9092,")]
    [InlineData("127.0.0.1:9092", "shop signals", "", "--kafka-topics: came \"shop signals\"")]
    [InlineData("127.0.0.1:9092", "shop=No", "", "--kafka-topics: came \"shop=No\"")]
    [InlineData("127.0.0.1:9092", "shop,shop=acme", "", "--kafka-topics: came shop twice")]
    [InlineData("127.0.0.1:9092", "a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q", "", "--kafka-topics: came 17 topics")]
    [InlineData("127.0.0.1:9092", "shop", "no.such.property=1", "No such configuration property")]
    [InlineData("127.0.0.1:9092", "shop", "ssl.ca.location=/no/such/file\nsecurity.protocol=ssl", "ssl.ca.location")]
    [InlineData("127.0.0.1:9092", "shop", "security.protocol", "line 1: came no property")]
    [InlineData("127.0.0.1:9092", "shop", "# theirs\n\ngroup.id=mine", "line 3: came group.id")]
    [InlineData("127.0.0.1:9092", "shop", "client.id=a\nclient.id=b", "line 2: came client.id twice")]
    [InlineData("127.0.0.1:9092", "shop", "auto.offset.reset=error", "auto.offset.reset: came error")]
    public void Read_WrongOptions_SaysWhichAndWhatWouldBeRight(string? brokers, string? topics, string config, string message)
    {
        File.WriteAllText(_data.File("kafka.properties"), config);

        var refused = Assert.Throws<StartupException>(() => KafkaSettings.Read(new FlywheelOptions { KafkaBrokers = brokers, KafkaTopics = topics, KafkaConfig = _data.File("kafka.properties") }));

        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_StrayOrMissing_IsRefused()
    {
        Assert.Contains("--kafka-brokers and --kafka-topics", Assert.Throws<StartupException>(() => KafkaSettings.Read(new FlywheelOptions { KafkaDeadLetters = "x" })).Message, StringComparison.Ordinal);
        var options = new FlywheelOptions { KafkaBrokers = "127.0.0.1:9092", KafkaTopics = "shop" };
        Assert.Contains("none of --kafka-topics", Assert.Throws<StartupException>(() => KafkaSettings.Read(options with { KafkaDeadLetters = "shop" })).Message, StringComparison.Ordinal);
        Assert.Contains("--kafka-group: came \"\"", Assert.Throws<StartupException>(() => KafkaSettings.Read(options with { KafkaGroup = "" })).Message, StringComparison.Ordinal);
        Assert.Contains("kafka.none", Assert.Throws<StartupException>(() => KafkaSettings.Read(options with { KafkaConfig = _data.File("kafka.none") })).Message, StringComparison.Ordinal);
        Assert.Null(KafkaSettings.Read(new FlywheelOptions()));
    }

    [Fact]
    public void Read_GoodOptions_TakesTopicsTenantsAndProperties()
    {
        File.WriteAllText(_data.File("kafka.properties"), " security.protocol = sasl_ssl \nsasl.mechanism=PLAIN\nsasl.username=u\nsasl.password=p=q\nauto.offset.reset=latest\n");

        var settings = KafkaSettings.Read(new FlywheelOptions { KafkaBrokers = "ssl-1.example:9093,[::1]:9092", KafkaTopics = "shop, acme.signals=acme", KafkaConfig = _data.File("kafka.properties"), KafkaDeadLetters = "rejects" })!;

        Assert.Equal(("default", "acme"), (settings.Tenants["shop"], settings.Tenants["acme.signals"]));
        Assert.Equal(("flywheel", true, "p=q"), (settings.Group, settings.FromEnd, settings.Properties["sasl.password"]));
    }

    /// <summary>What the log knows a partition by is stored.</summary>
    [Fact]
    public void NameOf_APartition_StaysAsItIs() => Assert.Equal("kafka/flywheel/shop.signals/12", SourcePartition.NameOf("flywheel", new TopicPartition("shop.signals", 12)));

    [Fact]
    public async Task Start_WithAWrongOption_EndsWithCode2()
    {
        var (code, output) = await EngineProcess.RunAsync(["--urls", "http://127.0.0.1:0", "--data", _data.Path, "--kafka-brokers", "127.0.0.1:9092"]);

        Assert.Equal(2, code);
        Assert.Contains("flywheel: --kafka-topics: came \"\"", output, StringComparison.Ordinal);
    }
}
