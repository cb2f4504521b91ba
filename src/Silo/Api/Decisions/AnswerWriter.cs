using System.Buffers;
using System.Buffers.Text;

namespace Flywheel.Silo.Api.Decisions;

/// <summary>
/// Writes the JSON of a decision straight into room that was asked for once. For texts that need no escaping: ids, tokens and what was
/// escaped before, so that none of their characters is looked at again.
/// </summary>
internal ref struct AnswerWriter
{
    private readonly IBufferWriter<byte> _output;
    private readonly Span<byte> _room;
    private int _at;
    private bool _isFirst = true;

    /// <param name="output">Takes the bytes once <see cref="Commit"/> is called.</param>
    /// <param name="bytes">The most that is going to be written.</param>
    public AnswerWriter(IBufferWriter<byte> output, int bytes)
    {
        _output = output;
        _room = output.GetSpan(bytes);
        _room[_at++] = (byte)'{';
    }

    public void Text(ReadOnlySpan<byte> name, scoped ReadOnlySpan<byte> plain)
    {
        Name(name);
        _room[_at++] = (byte)'"';
        Copy(plain);
        _room[_at++] = (byte)'"';
    }

    public void Number(ReadOnlySpan<byte> name, long value)
    {
        Name(name);
        Utf8Formatter.TryFormat(value, _room[_at..], out var written);
        _at += written;
    }

    public void Number(ReadOnlySpan<byte> name, double value)
    {
        Name(name);
        Utf8Formatter.TryFormat(value, _room[_at..], out var written);
        _at += written;
    }

    /// <param name="name">Name.</param>
    /// <param name="json">Any JSON value.</param>
    public void Raw(ReadOnlySpan<byte> name, ReadOnlySpan<byte> json)
    {
        Name(name);
        Copy(json);
    }

    /// <summary>Begins an object within.</summary>
    public void Begin(ReadOnlySpan<byte> name)
    {
        Name(name);
        _room[_at++] = (byte)'{';
        _isFirst = true;
    }

    /// <summary>Ends an object.</summary>
    public void End()
    {
        _room[_at++] = (byte)'}';
        _isFirst = false;
    }

    public readonly void Commit() => _output.Advance(_at);

    private void Name(ReadOnlySpan<byte> name)
    {
        if (!_isFirst)
            _room[_at++] = (byte)',';
        _isFirst = false;
        _room[_at++] = (byte)'"';
        Copy(name);
        _room[_at++] = (byte)'"';
        _room[_at++] = (byte)':';
    }

    private void Copy(scoped ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_room[_at..]);
        _at += bytes.Length;
    }
}
