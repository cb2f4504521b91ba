using System.IO.Compression;
using Flywheel.Domain.Campaigns;

namespace Flywheel.Silo.Api.OpenRtb;

/// <summary>A bid request's body, and its answer's, as they go over the wire: plain or as gzip.</summary>
internal static class BidBody
{
    /// <summary>Bytes of a body as it comes.</summary>
    public const int MaxBytes = 64 * 1024;

    /// <summary>Bytes of a body once it is unpacked; what would be more is not unpacked further.</summary>
    public const int MaxUnpacked = 256 * 1024;

    private const string Gzip = "gzip";

    /// <summary>Whether the body is in a form that is read.</summary>
    public static bool IsReadable(HttpRequest request) => request.Headers.ContentEncoding.Count == 0 || IsPlain(request) || IsGzip(request);

    /// <summary>The body, unpacked; null, and what is wrong, where it cannot be, or is too large.</summary>
    /// <exception cref="BadHttpRequestException">The body is larger than <see cref="MaxBytes"/> as it comes.</exception>
    public static async Task<(byte[]? Body, FieldError? Error)> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        using var body = await RequestBody.ReadAsync(request, MaxBytes, cancellationToken);
        if (!IsGzip(request))
            return (body.Memory.ToArray(), null);
        using var packed = new GZipStream(new MemoryStream(body.Memory.ToArray(), writable: false), CompressionMode.Decompress);
        var room = new byte[MaxUnpacked + 1];
        try
        {
            // All of it is in memory, so there is nothing to wait for.
            var length = packed.ReadAtLeast(room, room.Length, throwOnEndOfStream: false);
            return length <= MaxUnpacked ? (room[..length], null) : (null, new FieldError("", $"more than {MaxUnpacked} bytes once unpacked", "fewer"));
        }
        catch (InvalidDataException)
        {
            return (null, new FieldError("", "a body that is no gzip", "gzip, as Content-Encoding says"));
        }
    }

    /// <summary>Sends JSON, packed where the caller takes gzip.</summary>
    public static async Task SendAsync(HttpContext context, byte[] json)
    {
        var response = context.Response;
        response.ContentType = "application/json";
        response.Headers.Vary = "Accept-Encoding";
        if (TakesGzip(context.Request))
        {
            using var packed = new MemoryStream();
            await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
                gzip.Write(json);
            json = packed.ToArray();
            response.Headers.ContentEncoding = Gzip;
        }
        response.ContentLength = json.Length;
        await response.Body.WriteAsync(json, context.RequestAborted);
    }

    private static bool IsPlain(HttpRequest request) => request.Headers.ContentEncoding is [{ } encoding] && encoding.Equals("identity", StringComparison.OrdinalIgnoreCase);

    private static bool IsGzip(HttpRequest request) => request.Headers.ContentEncoding is [{ } encoding] && encoding.Equals(Gzip, StringComparison.OrdinalIgnoreCase);

    private static bool TakesGzip(HttpRequest request) => request.GetTypedHeaders().AcceptEncoding.Any(accepted => accepted.Quality != 0 && accepted.Value.Equals(Gzip, StringComparison.OrdinalIgnoreCase));
}
