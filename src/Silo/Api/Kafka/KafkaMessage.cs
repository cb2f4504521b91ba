using System.Text;
using Confluent.Kafka;
using Flywheel.Silo.Api.CloudEvents;

namespace Flywheel.Silo.Api.Kafka;

/// <summary>A message as it was read.</summary>
internal sealed class KafkaMessage
{
    private const string AttributePrefix = "ce_";

    public KafkaMessage(ConsumeResult<byte[]?, byte[]?> read)
    {
        Read = read;
        foreach (var header in read.Message.Headers ?? [])
        {
            if (header.GetValueBytes() is not { } value)
                continue;
            if (header.Key.Equals("content-type", StringComparison.OrdinalIgnoreCase))
                ContentType = Encoding.UTF8.GetString(value);
            else if (header.Key.StartsWith(AttributePrefix, StringComparison.OrdinalIgnoreCase))
                Attributes[$"ce-{header.Key[AttributePrefix.Length..]}"] = Encoding.UTF8.GetString(value);
        }
        Form = CloudEventForms.Of(ContentType, Attributes.ContainsKey("ce-specversion"));
    }

    public ConsumeResult<byte[]?, byte[]?> Read { get; }

    public long Offset => Read.Offset.Value;

    public byte[] Value => Read.Message.Value ?? [];

    public string? ContentType { get; }

    public CloudEventForm Form { get; }

    /// <summary>An event's attributes, under the names that they have as headers of a request.</summary>
    public HeaderDictionary Attributes { get; } = [];
}
