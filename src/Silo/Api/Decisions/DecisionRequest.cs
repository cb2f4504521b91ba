using System.Text.Json;
using Flywheel.Domain.Campaigns;

namespace Flywheel.Silo.Api.Decisions;

/// <summary>A request for a decision, its members pointing into the body. Members that are not known are passed over.</summary>
internal ref struct DecisionRequest
{
    public ReadOnlySpan<byte> Campaign;
    public ReadOnlySpan<byte> Segment;
    public ReadOnlySpan<byte> Unit;

    /// <summary>The context as JSON, empty for none.</summary>
    public ReadOnlySpan<byte> Context;

    /// <summary>Reads one JSON object; false, and what is wrong, where it is not a request.</summary>
    public static bool TryRead(ReadOnlySpan<byte> json, out DecisionRequest request, out FieldError? error)
    {
        var read = default(DecisionRequest);
        error = read.ReadAll(json);
        request = read;
        return error is null;
    }

    private FieldError? ReadAll(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return new FieldError("", "no JSON object", "{\"campaign\":\"…\"}");
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (ReadMember(ref reader, json) is { } error)
                    return error;
            }
            if (reader.Read())
                return new FieldError("", "more than one JSON value", "one object");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return new FieldError("", $"malformed JSON ({JsonText.FaultOf(e)})", "one JSON object");
        }
        return Campaign.IsEmpty ? new FieldError("campaign", "nothing", "the id of a campaign") : null;
    }

    private FieldError? ReadMember(scoped ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        if (reader.ValueTextEquals("campaign"u8))
            return ReadText(ref reader, "campaign", ref Campaign);
        if (reader.ValueTextEquals("segment"u8))
            return ReadText(ref reader, "segment", ref Segment);
        if (reader.ValueTextEquals("unit"u8))
            return ReadText(ref reader, "unit", ref Unit);
        var isContext = reader.ValueTextEquals("context"u8);
        reader.Read();
        var start = (int)reader.TokenStartIndex;
        if (isContext && reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.Null))
            return new FieldError("context", reader.TokenType.ToString(), "an object");
        reader.Skip();
        if (isContext && reader.TokenType == JsonTokenType.EndObject)
            Context = json[start..(int)reader.BytesConsumed];
        return null;
    }

    private static FieldError? ReadText(scoped ref Utf8JsonReader reader, string name, ref ReadOnlySpan<byte> text)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null)
            return null;
        if (reader.TokenType != JsonTokenType.String)
            return new FieldError(name, reader.TokenType.ToString(), "text");
        text = reader.ValueIsEscaped ? System.Text.Encoding.UTF8.GetBytes(reader.GetString()!) : reader.ValueSpan;
        return null;
    }
}
