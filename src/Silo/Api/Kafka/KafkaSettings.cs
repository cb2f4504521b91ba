using System.Text.RegularExpressions;
using Confluent.Kafka;
using Flywheel.Decisions;
using Flywheel.Silo.Hosting;

namespace Flywheel.Silo.Api.Kafka;

/// <summary>Where signals are read from, checked.</summary>
/// <param name="Group">The consumer group.</param>
/// <param name="Tenants">The tenant of each topic.</param>
/// <param name="DeadLetters">The topic that rejected signals are sent to, null for none.</param>
/// <param name="FromEnd">Whether a partition that was never read begins at its end.</param>
/// <param name="Properties">Of librdkafka, for every client: brokers and what the file says.</param>
internal sealed partial record KafkaSettings(
    string Group, IReadOnlyDictionary<string, string> Tenants, string? DeadLetters, bool FromEnd, IReadOnlyDictionary<string, string> Properties)
{
    private const int MaxTopics = 16;
    private const int MaxGroupLength = 128;
    private const int MaxFileBytes = 64 * 1024;
    private const string OffsetReset = "auto.offset.reset";

    /// <summary>What exactness rests on, and what options say.</summary>
    private static readonly string[] Ours =
    [
        "bootstrap.servers", "metadata.broker.list", "group.id", "group.protocol", "partition.assignment.strategy", "enable.auto.commit", "enable.auto.offset.store",
        "enable.partition.eof", "acks", "request.required.acks", "enable.idempotence",
    ];

    /// <summary>Null where nothing is to be read from Kafka.</summary>
    /// <exception cref="StartupException">An option cannot work, or one is missing beside another. The message holds no value of the file.</exception>
    public static KafkaSettings? Read(FlywheelOptions options)
    {
        if (options.KafkaBrokers is null && options.KafkaTopics is null)
        {
            return options.KafkaConfig is null && options.KafkaDeadLetters is null ? null
                : throw new StartupException("--kafka-config, --kafka-dead-letters: came without --kafka-brokers and --kafka-topics; expected both.");
        }
        if (options.KafkaBrokers is null || !BrokerPattern().IsMatch(options.KafkaBrokers))
            throw new StartupException($"--kafka-brokers: came {options.KafkaBrokers ?? "nothing"}; expected host:port, several with commas.");
        if (options.KafkaGroup.Length is 0 or > MaxGroupLength || options.KafkaGroup.Any(char.IsWhiteSpace))
            throw new StartupException($"--kafka-group: came \"{options.KafkaGroup}\"; expected a name of up to {MaxGroupLength} characters, without spaces.");
        var tenants = ReadTopics(options.KafkaTopics);
        if (options.KafkaDeadLetters is { } letters && (!TopicPattern().IsMatch(letters) || tenants.ContainsKey(letters)))
            throw new StartupException($"--kafka-dead-letters: came {letters}; expected a topic that is none of --kafka-topics.");
        var properties = options.KafkaConfig is null ? [] : ReadFile(options.KafkaConfig);
        var reset = properties.Remove(OffsetReset, out var named) ? named : "earliest";
        if (reset is not ("earliest" or "latest"))
            throw new StartupException($"--kafka-config: {OffsetReset}: came {reset}; expected earliest or latest.");
        properties["bootstrap.servers"] = options.KafkaBrokers;
        var settings = new KafkaSettings(options.KafkaGroup, tenants, options.KafkaDeadLetters, reset == "latest", properties);
        settings.Try();
        return settings;
    }

    private static Dictionary<string, string> ReadTopics(string? list)
    {
        var tenants = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var part in (list ?? "").Split(',', StringSplitOptions.TrimEntries))
        {
            var (topic, tenant) = part.Split('=', 2) is [var left, var right] ? (left, right) : (part, CampaignKeys.DefaultTenant);
            if (!TopicPattern().IsMatch(topic) || !CampaignKeys.IsTenant(tenant))
                throw new StartupException($"--kafka-topics: came \"{part}\"; expected names of topics, several with commas, each as topic or topic=tenant.");
            if (!tenants.TryAdd(topic, tenant))
                throw new StartupException($"--kafka-topics: came {topic} twice; expected each topic once.");
        }
        return tenants.Count <= MaxTopics ? tenants : throw new StartupException($"--kafka-topics: came {tenants.Count} topics; expected at most {MaxTopics}.");
    }

    private static Dictionary<string, string> ReadFile(string path)
    {
        string[] lines;
        try
        {
            lines = new FileInfo(path) is { Exists: true, Length: > MaxFileBytes } ? throw new IOException($"it is larger than {MaxFileBytes} bytes") : File.ReadAllLines(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"--kafka-config {path}: {e.Message}", e);
        }
        var properties = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].Trim();
            if (line.Length == 0 || line[0] == '#')
                continue;
            if (line.Split('=', 2) is not [var name, var value] || name.Trim() is not { Length: > 0 } key)
                throw new StartupException($"--kafka-config {path}, line {i + 1}: came no property; expected key=value.");
            if (Ours.Contains(key))
                throw new StartupException($"--kafka-config {path}, line {i + 1}: came {key}; expected a property that the engine does not set itself.");
            if (!properties.TryAdd(key, value.Trim()))
                throw new StartupException($"--kafka-config {path}, line {i + 1}: came {key} twice; expected it once.");
        }
        return properties;
    }

    /// <summary>Whether librdkafka knows the properties, and files that they name are there, shows when a client is made. It connects to nothing yet.</summary>
    private void Try()
    {
        try
        {
            KafkaClients.Consumer(this, _ => { }).Build().Dispose();
            if (DeadLetters is not null)
                KafkaClients.Producer(this, _ => { }).Build().Dispose();
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or KafkaException)
        {
            throw new StartupException($"--kafka-config {e.Message.TrimEnd('.')}.", e);
        }
    }

    [GeneratedRegex(@"\A[A-Za-z0-9._-]{1,249}\z")]
    private static partial Regex TopicPattern();

    [GeneratedRegex(@"\A[A-Za-z0-9._\[\]:-]*[A-Za-z0-9\]](:[0-9]{1,5})?(,[A-Za-z0-9._\[\]:-]*[A-Za-z0-9\]](:[0-9]{1,5})?)*\z")]
    private static partial Regex BrokerPattern();
}
