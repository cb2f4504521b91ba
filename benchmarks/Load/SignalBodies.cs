using System.Buffers;
using Flywheel.Decisions;

namespace Flywheel.Benchmarks.Load;

/// <summary>NDJSON bodies of signals, every one a different decision's impression or click; segments in turn. Not thread-safe.</summary>
/// <param name="clickEvery">Every so-manieth decision is clicked.</param>
internal sealed class SignalBodies(TokenMint mint, int clickEvery = SignalBodies.UsualClickEvery)
{
    /// <summary>Signals a body that is full.</summary>
    public const int Full = 1_000;

    private const int UsualClickEvery = 10;

    private readonly ArrayBufferWriter<byte> _lines = new();
    private readonly byte[] _token = new byte[DecisionToken.MaxChars];
    private long _made;

    /// <summary>The next body, of <see cref="Full"/> signals.</summary>
    public byte[] Next()
    {
        for (var left = Full; left > 0;)
            left -= Add((int)(_made % mint.Segments), withClick: left > 1 && _made % clickEvery == 0);
        return Take();
    }

    /// <summary>A body of so many decisions of one segment, each with an impression, and the usual share of clicks.</summary>
    public byte[] Of(int segment, int decisions)
    {
        for (var i = 0; i < decisions; i++)
            Add(segment, withClick: i % clickEvery == 0);
        return Take();
    }

    private int Add(int segment, bool withClick)
    {
        var id = _token.AsSpan(0, mint.Write(segment, TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(), _token));
        _made++;
        Line(id, "impression"u8);
        if (withClick)
            Line(id, "click"u8);
        return withClick ? 2 : 1;
    }

    private void Line(ReadOnlySpan<byte> id, ReadOnlySpan<byte> type)
    {
        _lines.Write("{\"decisionId\":\""u8);
        _lines.Write(id);
        _lines.Write("\",\"type\":\""u8);
        _lines.Write(type);
        _lines.Write("\"}\n"u8);
    }

    private byte[] Take()
    {
        var body = _lines.WrittenSpan.ToArray();
        _lines.ResetWrittenCount();
        return body;
    }
}
