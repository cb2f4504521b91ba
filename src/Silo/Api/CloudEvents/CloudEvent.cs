using System.Globalization;
using System.Text;
using System.Text.Json;
using Flywheel.Domain.Campaigns;
using Flywheel.Silo.Api.Signals;

namespace Flywheel.Silo.Api.CloudEvents;

/// <summary>
/// A CloudEvent (1.0, JSON) whose data is a signal: <c>source</c> and <c>id</c> are its id, and <c>time</c> its time, where the data names none. An
/// impression needs no id: it counts once for its decision anyway. Attributes that are not known are passed over.
/// </summary>
internal static class CloudEvent
{
    private const string Version = "1.0";

    /// <summary>Reads an event in structured form. Null where it could be read, else what is wrong.</summary>
    public static string? Read(ReadOnlySpan<byte> json, out RawSignal signal)
    {
        signal = default;
        var attributes = default(Attributes);
        ReadOnlySpan<byte> data = default;
        try
        {
            var reader = new Utf8JsonReader(json);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return "came no JSON object; expected a CloudEvent";
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("data"u8))
                    data = TakeData(ref reader, json);
                else if (attributes.Take(ref reader) is { } error)
                    return error;
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return $"came malformed JSON ({JsonText.FaultOf(e)}); expected a CloudEvent";
        }
        return data.IsEmpty ? "data: came nothing; expected a signal" : Read(attributes, data, out signal);
    }

    /// <summary>Reads an event in binary form: attributes in headers (<c>ce-id</c> and so on), the signal as the body.</summary>
    /// <param name="isEncoded">Whether the headers are percent-encoded, as HTTP has them and Kafka has not.</param>
    public static string? Read(IHeaderDictionary headers, bool isEncoded, ReadOnlySpan<byte> data, out RawSignal signal)
    {
        return Read(new Attributes { SpecVersion = Text("ce-specversion"), Id = Text("ce-id"), Source = Text("ce-source"), Type = Text("ce-type"), Time = Text("ce-time") }, data, out signal);

        string? Text(string name) => headers[name] is [{ } text] && isEncoded ? Uri.UnescapeDataString(text) : (string?)headers[name];
    }

    private static string? Read(Attributes attributes, ReadOnlySpan<byte> data, out RawSignal signal)
    {
        signal = default;
        if (attributes.Fault() is { } fault)
            return fault;
        if (RawSignal.Read(data, out signal) is { } error)
            return $"data: {error}";
        if (signal.Time is null && attributes.Time is not null)
        {
            if (!DateTimeOffset.TryParse(attributes.Time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
                return $"time: came \"{Problem.Shorten(attributes.Time)}\"; expected an RFC 3339 time such as 2026-05-04T10:00:00Z";
            signal.Time = time;
        }
        if (!signal.Id.IsEmpty || (!signal.DecisionId.IsEmpty && signal.Type.SequenceEqual("impression"u8)))
            return null;
        signal.Id = Encoding.UTF8.GetBytes($"{attributes.Source} {attributes.Id}");
        return signal.Id.Length <= SignalIntake.MaxIdBytes ? null : $"source, id: came {signal.Id.Length} bytes; expected at most {SignalIntake.MaxIdBytes} together";
    }

    private static ReadOnlySpan<byte> TakeData(scoped ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        reader.Read();
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return reader.TokenType == JsonTokenType.Null ? default : json[start..(int)reader.BytesConsumed];
    }

    private struct Attributes
    {
        public string? SpecVersion;
        public string? Id;
        public string? Source;
        public string? Type;
        public string? Time;

        public string? Take(scoped ref Utf8JsonReader reader)
        {
            if (reader.ValueTextEquals("specversion"u8))
                return Text(ref reader, "specversion", ref SpecVersion);
            if (reader.ValueTextEquals("id"u8))
                return Text(ref reader, "id", ref Id);
            if (reader.ValueTextEquals("source"u8))
                return Text(ref reader, "source", ref Source);
            if (reader.ValueTextEquals("type"u8))
                return Text(ref reader, "type", ref Type);
            if (reader.ValueTextEquals("time"u8))
                return Text(ref reader, "time", ref Time);
            if (reader.ValueTextEquals("data_base64"u8))
                return "data_base64: came binary data; expected the signal in data, as JSON";
            reader.Read();
            reader.Skip();
            return null;
        }

        /// <summary>What the specification requires of every event.</summary>
        public readonly string? Fault() =>
            SpecVersion != Version ? $"specversion: came {(SpecVersion is null ? "nothing" : $"\"{Problem.Shorten(SpecVersion)}\"")}; expected \"{Version}\""
            : string.IsNullOrEmpty(Id) ? "id: came nothing; expected the event's id"
            : string.IsNullOrEmpty(Source) || Source.Any(char.IsWhiteSpace) ? $"source: came {(string.IsNullOrEmpty(Source) ? "nothing" : $"\"{Problem.Shorten(Source)}\"")}; expected where the event comes from, as a URI reference"
            : string.IsNullOrEmpty(Type) ? "type: came nothing; expected the event's type"
            : null;

        private static string? Text(scoped ref Utf8JsonReader reader, string name, ref string? text)
        {
            reader.Read();
            if (reader.TokenType == JsonTokenType.Null)
                return null;
            if (reader.TokenType != JsonTokenType.String)
                return $"{name}: came {RawSignal.Raw(ref reader)}; expected text";
            text = reader.GetString();
            return null;
        }
    }
}
