using System.Text;
using System.Text.Json;
using Flywheel.Domain.Campaigns;

namespace Flywheel.Silo.Api.Signals;

/// <summary>
/// A signal as it came, its members pointing into the body. Members that are not known are passed over; those that are known
/// have the right type, and nothing more is checked here.
/// </summary>
internal ref struct RawSignal
{
    public const int MaxBytes = 16 * 1024;

    public ReadOnlySpan<byte> DecisionId;
    public ReadOnlySpan<byte> Type;
    public ReadOnlySpan<byte> Id;
    public ReadOnlySpan<byte> Campaign;
    public ReadOnlySpan<byte> Segment;
    public ReadOnlySpan<byte> Channel;

    /// <summary>The modules as a JSON object, empty for none.</summary>
    public ReadOnlySpan<byte> Modules;

    public DateTimeOffset? Time;
    public double? Value;
    public long? Count;

    /// <summary>Reads one JSON object. Null where it could be read, else what is wrong.</summary>
    /// <remarks>The reader says <see cref="InvalidOperationException"/> of text that is no valid Unicode.</remarks>
    public static string? Read(ReadOnlySpan<byte> json, out RawSignal signal)
    {
        var read = default(RawSignal);
        var error = read.ReadAll(json);
        signal = read;
        return error;
    }

    private string? ReadAll(ReadOnlySpan<byte> json)
    {
        if (json.Length > MaxBytes)
            return $"came {json.Length} bytes; expected a signal of at most {MaxBytes}";
        try
        {
            var reader = new Utf8JsonReader(json);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return "came no JSON object; expected {\"decisionId\":\"…\",\"type\":\"impression\"}";
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (ReadMember(ref reader, json) is { } error)
                    return error;
            }
            return reader.Read() ? "came more than one JSON value; expected one object, or application/x-ndjson with one object a line" : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return $"came malformed JSON ({JsonText.FaultOf(e)}); expected one object";
        }
    }

    private string? ReadMember(scoped ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        if (reader.ValueTextEquals("decisionId"u8))
            return ReadText(ref reader, "decisionId", ref DecisionId);
        if (reader.ValueTextEquals("type"u8))
            return ReadText(ref reader, "type", ref Type);
        if (reader.ValueTextEquals("id"u8))
            return ReadText(ref reader, "id", ref Id);
        if (reader.ValueTextEquals("campaign"u8))
            return ReadText(ref reader, "campaign", ref Campaign);
        if (reader.ValueTextEquals("segment"u8))
            return ReadText(ref reader, "segment", ref Segment);
        if (reader.ValueTextEquals("channel"u8))
            return ReadText(ref reader, "channel", ref Channel);
        if (reader.ValueTextEquals("time"u8))
            return ReadTime(ref reader);
        if (reader.ValueTextEquals("value"u8))
            return ReadValue(ref reader);
        if (reader.ValueTextEquals("count"u8))
            return ReadCount(ref reader);
        if (reader.ValueTextEquals("modules"u8))
            return ReadModules(ref reader, json);
        reader.Read();
        reader.Skip();
        return null;
    }

    private static string? ReadText(scoped ref Utf8JsonReader reader, string name, ref ReadOnlySpan<byte> text)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null)
            return null;
        if (reader.TokenType != JsonTokenType.String)
            return $"{name}: came {Raw(ref reader)}; expected text";
        text = reader.ValueIsEscaped ? Encoding.UTF8.GetBytes(reader.GetString()!) : reader.ValueSpan;
        return null;
    }

    private string? ReadTime(scoped ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null)
            return null;
        if (reader.TokenType != JsonTokenType.String || !reader.TryGetDateTimeOffset(out var time))
            return $"time: came {Raw(ref reader)}; expected an RFC 3339 time such as \"2026-05-04T10:00:00Z\"";
        Time = time;
        return null;
    }

    private string? ReadValue(scoped ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null)
            return null;
        if (reader.TokenType != JsonTokenType.Number || !reader.TryGetDouble(out var value) || !double.IsFinite(value) || value < 0)
            return $"value: came {Raw(ref reader)}; expected a number of 0 or more";
        Value = value;
        return null;
    }

    private string? ReadCount(scoped ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null)
            return null;
        if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out var count) || count is < 1 or > SignalIntake.MaxCount)
            return $"count: came {Raw(ref reader)}; expected a whole number from 1 to {SignalIntake.MaxCount}";
        Count = count;
        return null;
    }

    private string? ReadModules(scoped ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null)
            return null;
        if (reader.TokenType != JsonTokenType.StartObject)
            return $"modules: came {Raw(ref reader)}; expected an object of slot and module ids";
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        Modules = json[start..(int)reader.BytesConsumed];
        return null;
    }

    /// <summary>What came, as it is told to who sent it.</summary>
    internal static string Raw(scoped ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.String => $"\"{Problem.Shorten(Encoding.UTF8.GetString(reader.ValueSpan))}\"",
        _ => Problem.Shorten(Encoding.UTF8.GetString(reader.ValueSpan)),
    };
}
