using System.Buffers;
using System.IO.Pipelines;

namespace Flywheel.Silo.Api;

/// <summary>A request body, whole and of bounded size, in rented memory.</summary>
internal readonly struct RequestBody : IDisposable
{
    private readonly byte[] _rented;
    private readonly int _length;

    private RequestBody(byte[] rented, int length) => (_rented, _length) = (rented, length);

    public ReadOnlyMemory<byte> Memory => _rented.AsMemory(0, _length);

    public ReadOnlySpan<byte> Span => _rented.AsSpan(0, _length);

    /// <exception cref="BadHttpRequestException">The body is larger than <paramref name="most"/> (413).</exception>
    public static async ValueTask<RequestBody> ReadAsync(HttpRequest request, int most, CancellationToken cancellationToken)
    {
        if (request.ContentLength > most)
            throw TooLarge(most);
        while (true)
        {
            var read = await request.BodyReader.ReadAsync(cancellationToken);
            if (read.Buffer.Length > most)
            {
                request.BodyReader.AdvanceTo(read.Buffer.End);
                throw TooLarge(most);
            }
            if (read.IsCompleted)
                return Take(request.BodyReader, read.Buffer);
            request.BodyReader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_rented);

    private static RequestBody Take(PipeReader reader, ReadOnlySequence<byte> buffer)
    {
        var rented = ArrayPool<byte>.Shared.Rent((int)buffer.Length);
        buffer.CopyTo(rented);
        var length = (int)buffer.Length;
        reader.AdvanceTo(buffer.End);
        return new RequestBody(rented, length);
    }

    private static BadHttpRequestException TooLarge(int most) => new($"The body is larger than {most} bytes.", StatusCodes.Status413PayloadTooLarge);
}
