using System.Buffers;
using System.Text.Json;

namespace Flywheel.Silo.Api.Signals;

/// <summary>Cuts a body into signals as it streams in, without ever holding it whole.</summary>
internal static class SignalFraming
{
    /// <summary>Whether a body of this type holds a signal a line.</summary>
    public static bool IsLines(string? contentType) =>
        contentType is not null && (contentType.Contains("ndjson", StringComparison.OrdinalIgnoreCase) || contentType.Contains("jsonl", StringComparison.OrdinalIgnoreCase));

    /// <summary>
    /// The next line of <paramref name="buffer"/>, which moves behind it; false where it has none yet. The last line needs no
    /// line feed.
    /// </summary>
    public static bool TryReadLine(ref ReadOnlySequence<byte> buffer, bool isLast, out ReadOnlySequence<byte> line)
    {
        var end = buffer.PositionOf((byte)'\n');
        if (end is { } position)
        {
            line = buffer.Slice(0, position);
            buffer = buffer.Slice(buffer.GetPosition(1, position));
            return true;
        }
        line = buffer;
        if (!isLast || buffer.IsEmpty)
            return false;
        buffer = buffer.Slice(buffer.End);
        return true;
    }

    /// <summary>True where a line holds nothing but white space.</summary>
    public static bool IsBlank(ReadOnlySpan<byte> line) => line.IndexOfAnyExcept(" \t\r"u8) < 0;

    /// <summary>
    /// The next object of an array, or the one object that the body is. <paramref name="buffer"/> moves behind it and
    /// <paramref name="state"/> with it; false where more bytes are needed, or where there is no more.
    /// </summary>
    /// <exception cref="JsonException">The body is malformed.</exception>
    public static bool TryReadObject(ref ReadOnlySequence<byte> buffer, bool isLast, ref JsonReaderState state, out ReadOnlySequence<byte> json)
    {
        json = default;
        var reader = new Utf8JsonReader(buffer, isLast, state);
        while (true)
        {
            var (before, consumed) = (reader.CurrentState, reader.BytesConsumed);
            if (!reader.Read())
            {
                buffer = buffer.Slice(reader.BytesConsumed);
                state = reader.CurrentState;
                return false;
            }
            if (reader.TokenType is JsonTokenType.StartArray && reader.CurrentDepth == 0 || reader.TokenType == JsonTokenType.EndArray)
                continue;
            var start = reader.TokenStartIndex;
            if (!reader.TrySkip())
            {
                buffer = buffer.Slice(consumed);
                state = before;
                return false;
            }
            json = buffer.Slice(start, reader.BytesConsumed - start);
            buffer = buffer.Slice(reader.BytesConsumed);
            state = reader.CurrentState;
            return true;
        }
    }
}
