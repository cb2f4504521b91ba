using System.Text.Json;
using System.Text.Json.Serialization;

namespace Flywheel.Client;

/// <summary>A weight alone is written as the number it is.</summary>
internal sealed class RewardConverter : JsonConverter<Reward>
{
    public override Reward Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        var reward = document.RootElement;
        return reward.ValueKind switch
        {
            JsonValueKind.Number => reward.GetDouble(),
            JsonValueKind.Object => new Reward { Weight = Number(reward, "weight"), PerValue = Number(reward, "perValue") },
            _ => throw new JsonException($"A reward came as {reward.ValueKind}; expected a number or an object."),
        };
    }

    public override void Write(Utf8JsonWriter writer, Reward value, JsonSerializerOptions options)
    {
        if (value.PerValue is not { } perValue)
        {
            writer.WriteNumberValue(value.Weight ?? 0);
            return;
        }
        writer.WriteStartObject();
        if (value.Weight is { } weight)
            writer.WriteNumber("weight", weight);
        writer.WriteNumber("perValue", perValue);
        writer.WriteEndObject();
    }

    private static double? Number(JsonElement reward, string name) =>
        reward.TryGetProperty(name, out var number) && number.ValueKind == JsonValueKind.Number ? number.GetDouble() : null;
}
