using System.Text.Json;
using System.Text.Json.Serialization;

namespace Flywheel.Domain.Campaigns;

/// <summary>Stores a campaign as the document it came from, so that there is one form to keep compatible.</summary>
internal sealed class CampaignConverter : JsonConverter<Campaign>
{
    private const string AnyId = "campaign";

    public override Campaign Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        return CampaignReader.Read(AnyId, JsonSerializer.SerializeToUtf8Bytes(document), out var errors)
            ?? throw new JsonException($"The stored campaign cannot be read: {string.Join("; ", errors)}");
    }

    public override void Write(Utf8JsonWriter writer, Campaign value, JsonSerializerOptions options) =>
        writer.WriteRawValue(CampaignWriter.Write(AnyId, value), skipInputValidation: true);
}
