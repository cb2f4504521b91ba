using System.Text.Json;
using System.Text.Json.Serialization;

namespace Flywheel.Client;

internal sealed record DecisionBatchAnswer(
    [property: JsonConverter(typeof(DecisionBatchAnswer.ElementsConverter))] IReadOnlyList<DecisionResult> Decisions)
{
    /// <summary>Each element is a decision or says why there is none.</summary>
    internal sealed class ElementsConverter : JsonConverter<IReadOnlyList<DecisionResult>>
    {
        public override IReadOnlyList<DecisionResult> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            using var document = JsonDocument.ParseValue(ref reader);
            return [.. document.RootElement.EnumerateArray().Select(ToResult)];
        }

        public override void Write(Utf8JsonWriter writer, IReadOnlyList<DecisionResult> value, JsonSerializerOptions options) =>
            throw new NotSupportedException();

        private static DecisionResult ToResult(JsonElement element) => element.TryGetProperty("decisionId", out _)
            ? new DecisionResult(element.Deserialize(FlywheelJson.Default.Decision), 200, null)
            : element.Deserialize(FlywheelJson.Default.DecisionResult)!;
    }
}
