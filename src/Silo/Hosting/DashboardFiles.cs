using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Flywheel.Silo.Api.Access;
using Microsoft.Net.Http.Headers;

namespace Flywheel.Silo.Hosting;

/// <summary>
/// The dashboard at <c>/</c>: the files that <c>src/Dashboard</c> builds into <c>wwwroot</c>, a handful, kept in memory plain and compressed.
/// What is not one of them is a 404 like any other.
/// </summary>
internal static class DashboardFiles
{
    private const string Page = "index.html";

    private static readonly Dictionary<string, string> ContentTypes = new(StringComparer.Ordinal)
    {
        [".html"] = "text/html; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".svg"] = "image/svg+xml",
    };

    /// <param name="app">Gets an endpoint for each file.</param>
    /// <param name="imageOrigins">Origins that images of modules may be loaded from.</param>
    public static void MapDashboard(this IEndpointRouteBuilder app, IReadOnlyList<string> imageOrigins)
    {
        var root = Path.Combine(AppContext.BaseDirectory, "wwwroot");
        if (!Directory.Exists(root))
            return;
        var policy = PolicyFor(imageOrigins);
        foreach (var path in Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories))
        {
            var name = Path.GetRelativePath(root, path).Replace('\\', '/');
            if (!ContentTypes.TryGetValue(Path.GetExtension(name), out var type))
                continue;
            var file = Read(path, type, name == Page ? imageOrigins : []);
            app.MapMethods(name == Page ? "/" : $"/{name}", [HttpMethods.Get, HttpMethods.Head], context => SendAsync(context, file, name, policy)).ExcludeFromDescription().ForAnybody();
        }
    }

    /// <summary>Nothing from elsewhere, nothing inline, no markup from text.</summary>
    private static string PolicyFor(IReadOnlyList<string> imageOrigins) =>
        $"default-src 'none'; script-src 'self'; style-src 'self'; img-src {string.Join(' ', ["'self'", "data:", .. imageOrigins])}; connect-src 'self'; font-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

    /// <param name="imageOrigins">What the page is told that its policy allows.</param>
    private static StoredFile Read(string path, string type, IReadOnlyList<string> imageOrigins)
    {
        var plain = File.ReadAllBytes(path);
        if (imageOrigins.Count > 0)
        {
            var meta = $"<meta name=\"image-origins\" content=\"{HtmlEncoder.Default.Encode(string.Join(' ', imageOrigins))}\" />";
            plain = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(plain).Replace("</head>", $"{meta}</head>", StringComparison.Ordinal));
        }
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.SmallestSize))
            gzip.Write(plain);
        return new StoredFile(type, $"{Convert.ToHexStringLower(SHA256.HashData(plain).AsSpan(0, 8))}", plain, compressed.ToArray());
    }

    private static async Task SendAsync(HttpContext context, StoredFile file, string name, string policy)
    {
        var (request, response) = (context.Request, context.Response);
        var isCompressed = request.GetTypedHeaders().AcceptEncoding.Any(each => each.Value == "gzip" && each.Quality != 0);
        var tag = $"\"{file.Hash}{(isCompressed ? "-gz" : "")}\"";
        response.Headers.ETag = tag;
        response.Headers.Vary = HeaderNames.AcceptEncoding;
        // Files under assets/ carry their hash in their name.
        response.Headers.CacheControl = name.StartsWith("assets/", StringComparison.Ordinal) ? "public, max-age=31536000, immutable" : "no-cache";
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Referrer-Policy"] = "no-referrer";
        if (name == Page)
        {
            response.Headers.ContentSecurityPolicy = policy;
            response.Headers["Cross-Origin-Opener-Policy"] = "same-origin";
        }
        if (request.Headers.IfNoneMatch == tag)
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }
        response.ContentType = file.Type;
        if (isCompressed)
            response.Headers.ContentEncoding = "gzip";
        var body = isCompressed ? file.Compressed : file.Plain;
        response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(request.Method))
            await response.Body.WriteAsync(body, context.RequestAborted);
    }

    private sealed record StoredFile(string Type, string Hash, byte[] Plain, byte[] Compressed);
}
