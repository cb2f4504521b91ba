using Microsoft.Net.Http.Headers;

namespace Flywheel.Silo.Api;

/// <summary>What a caller has already (<c>If-None-Match</c>).</summary>
internal static class KnownTags
{
    /// <param name="request">Of the caller.</param>
    /// <param name="etag">Of what would be answered.</param>
    public static bool Hold(HttpRequest request, string etag)
    {
        var current = new EntityTagHeaderValue(etag);
        return EntityTagHeaderValue.TryParseList(request.Headers.IfNoneMatch, out var known)
            && known.Any(tag => tag.Equals(EntityTagHeaderValue.Any) || tag.Compare(current, useStrongComparison: false));
    }
}
