using System.Buffers;
using System.Text.Json;

namespace Flywheel.Silo.Api.Signals;

/// <summary>Reads the signals of a request as they stream in: one object, an array of them, or a line each.</summary>
internal sealed class SignalBody(SignalIntake intake)
{
    /// <summary>Signals a request holds at the most.</summary>
    public const int MaxSignals = 10_000;

    private readonly ArrayBufferWriter<byte> _contiguous = new();
    private readonly List<(int Index, byte[] Json)> _undecided = [];
    private long _taken;

    /// <summary>Signals read so far.</summary>
    public int Count { get; private set; }

    public List<(int Index, string Error)> Rejected { get; } = [];

    /// <summary>True where there were too many; nothing of the request is to be appended then.</summary>
    public bool IsTooMany => Count > MaxSignals;

    /// <summary>True where more came in than there was room for; nothing of the request is to be appended then.</summary>
    public bool IsWithoutRoom { get; private set; }

    /// <summary>True where the body was one object, which is answered for itself alone.</summary>
    public bool IsSingle { get; private set; }

    /// <summary>Reads lines.</summary>
    public async Task ReadLinesAsync(HttpRequest request, SignalRoom room, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await request.BodyReader.ReadAsync(cancellationToken);
            if (!HasRoom(request, read.Buffer, room))
                return;
            var rest = TakeLines(read.Buffer, read.IsCompleted);
            Advance(request, read.Buffer, rest);
            if (read.IsCompleted || IsTooMany)
                return;
            if (rest.Length > RawSignal.MaxBytes)
                throw new JsonException($"a line is longer than {RawSignal.MaxBytes} bytes");
        }
    }

    /// <summary>Reads an object or an array.</summary>
    /// <exception cref="JsonException">The body is malformed; nothing of it is to be appended.</exception>
    public async Task ReadJsonAsync(HttpRequest request, SignalRoom room, CancellationToken cancellationToken)
    {
        var state = default(JsonReaderState);
        var first = true;
        while (true)
        {
            var read = await request.BodyReader.ReadAsync(cancellationToken);
            if (!HasRoom(request, read.Buffer, room))
                return;
            if (first && !read.Buffer.IsEmpty)
            {
                IsSingle = FirstByte(read.Buffer) == '{';
                first = false;
            }
            var rest = read.Buffer.Slice(read.Buffer.End);
            try
            {
                rest = TakeObjects(read.Buffer, read.IsCompleted, ref state);
            }
            finally
            {
                Advance(request, read.Buffer, rest);
            }
            if (IsTooMany)
                return;
            if (read.IsCompleted)
                break;
            if (rest.Length > RawSignal.MaxBytes)
                throw new JsonException($"a signal is longer than {RawSignal.MaxBytes} bytes");
        }
        if (first)
            throw new JsonException("the body is empty");
    }

    /// <summary>Takes those again that were undecided, once their campaigns were asked for; what is wrong with them now is wrong.</summary>
    public void TakeUndecided()
    {
        foreach (var (index, json) in _undecided)
        {
            if (intake.Take(json) is { } error)
                Rejected.Add((index, error));
        }
        Rejected.Sort((one, other) => one.Index.CompareTo(other.Index));
    }

    /// <summary>Whether there is room for what has come in so far, read or not.</summary>
    private bool HasRoom(HttpRequest request, ReadOnlySequence<byte> buffer, SignalRoom room)
    {
        IsWithoutRoom = !room.Covers(_taken + buffer.Length);
        if (IsWithoutRoom)
            request.BodyReader.AdvanceTo(buffer.End);
        return !IsWithoutRoom;
    }

    private void Advance(HttpRequest request, ReadOnlySequence<byte> buffer, ReadOnlySequence<byte> rest)
    {
        _taken += buffer.Length - rest.Length;
        request.BodyReader.AdvanceTo(rest.Start, rest.End);
    }

    private ReadOnlySequence<byte> TakeLines(ReadOnlySequence<byte> buffer, bool isLast)
    {
        while (!IsTooMany && SignalFraming.TryReadLine(ref buffer, isLast, out var line))
        {
            var bytes = Contiguous(line);
            if (!SignalFraming.IsBlank(bytes))
                Take(bytes);
        }
        return buffer;
    }

    private ReadOnlySequence<byte> TakeObjects(ReadOnlySequence<byte> buffer, bool isLast, ref JsonReaderState state)
    {
        while (!IsTooMany && SignalFraming.TryReadObject(ref buffer, isLast, ref state, out var json))
            Take(Contiguous(json));
        return buffer;
    }

    private void Take(ReadOnlySpan<byte> json)
    {
        var index = Count++;
        if (IsTooMany || intake.Take(json) is not { } error)
            return;
        if (intake.IsUndecided)
            _undecided.Add((index, json.ToArray()));
        else
            Rejected.Add((index, error));
    }

    private ReadOnlySpan<byte> Contiguous(ReadOnlySequence<byte> bytes)
    {
        if (bytes.IsSingleSegment)
            return bytes.FirstSpan;
        _contiguous.ResetWrittenCount();
        foreach (var part in bytes)
            _contiguous.Write(part.Span);
        return _contiguous.WrittenSpan;
    }

    private static byte FirstByte(ReadOnlySequence<byte> buffer)
    {
        var reader = new SequenceReader<byte>(buffer);
        reader.AdvancePastAny(" \t\r\n"u8);
        return reader.TryPeek(out var first) ? first : (byte)0;
    }
}
