using System.Buffers;
using System.Text.Json;
using Flywheel.Domain.Campaigns;

namespace Flywheel.Silo.Api;

/// <summary>A buffer with a JSON writer over it, one for each thread, for answers that are built in one go.</summary>
internal sealed class ResponseBuffer
{
    private const int Keep = 256 * 1024;

    [ThreadStatic]
    private static ResponseBuffer? _own;

    private readonly ArrayBufferWriter<byte> _buffer = new(1_024);

    private ResponseBuffer() => Json = new Utf8JsonWriter(_buffer, JsonText.Compact);

    /// <summary>Writes JSON into <see cref="Output"/>.</summary>
    public Utf8JsonWriter Json { get; }

    /// <summary>The bytes of the answer.</summary>
    public IBufferWriter<byte> Output => _buffer;

    /// <summary>The thread's buffer, empty. Not to be held over an await.</summary>
    public static ResponseBuffer Rent()
    {
        if (_own is null || _own._buffer.Capacity > Keep)
            _own = new ResponseBuffer();
        _own._buffer.ResetWrittenCount();
        _own.Json.Reset();
        return _own;
    }

    /// <summary>Hands the bytes over to the response, before the first await.</summary>
    public Task SendAsync(HttpResponse response, int status)
    {
        if (Json.BytesPending > 0)
            Json.Flush();
        response.StatusCode = status;
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = _buffer.WrittenCount;
        response.BodyWriter.Write(_buffer.WrittenSpan);
        var flushed = response.BodyWriter.FlushAsync();
        return flushed.IsCompletedSuccessfully ? Task.CompletedTask : flushed.AsTask();
    }
}
