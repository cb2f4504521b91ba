using System.Net;
using System.Net.Http.Headers;

namespace Flywheel.Silo.Tests.Signals;

/// <summary>A body that goes over the wire in pieces.</summary>
internal sealed class PiecewiseContent : HttpContent
{
    private readonly byte[] _body;
    private readonly int _bytes;

    public PiecewiseContent(byte[] body, int bytes, string contentType)
    {
        (_body, _bytes) = (body, bytes);
        Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
    }

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        for (var at = 0; at < _body.Length; at += _bytes)
        {
            await stream.WriteAsync(_body.AsMemory(at, Math.Min(_bytes, _body.Length - at)));
            await stream.FlushAsync();
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
