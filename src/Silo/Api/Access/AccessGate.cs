using System.Net;
using System.Threading.RateLimiting;
using Flywheel.Decisions;
using Flywheel.Domain.Access;
using Flywheel.Silo.Metrics;

namespace Flywheel.Silo.Api.Access;

/// <summary>
/// Stands before every route: who calls, may they, and whose campaign it is. Behind it the campaign in a route is the engine's own key, with
/// the tenant of the credential in it, so that no handler can reach another tenant's.
/// </summary>
internal sealed class AccessGate(RequestDelegate next, Credentials credentials, AccessMetrics metrics)
{
    private const string CampaignInRoute = "id";
    private const string RetryAfterSeconds = "1";

    private readonly PartitionedRateLimiter<Caller> _limits = PartitionedRateLimiter.Create<Caller, (string, int)>(caller => caller.RequestsPerSecond is { } most
        ? RateLimitPartition.GetTokenBucketLimiter((caller.LimitedAs, most), key => new TokenBucketRateLimiterOptions
        {
            TokenLimit = key.Item2,
            TokensPerPeriod = key.Item2,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            QueueLimit = 0,
        })
        : RateLimitPartition.GetNoLimiter(("", 0)));

    private string? _lastHost;

    public Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint() is not { } endpoint)
            return next(context);
        var rule = AccessRule.Of(context, endpoint);
        if (context.Request.Headers.ContentEncoding.Count > 0 && endpoint.Metadata.GetMetadata<ReadsEncodings>() is null)
            return Problem.Encoded(context).ExecuteAsync(context);
        return credentials.AreNeeded ? AdmitAsync(context, endpoint, rule) : AdmitFromThisMachine(context, endpoint, rule);
    }

    private async Task AdmitAsync(HttpContext context, Endpoint endpoint, AccessRule rule)
    {
        if (rule.Role == Role.None)
        {
            // Another site's page may not sign anybody in or out either.
            await (rule.IsForAnySite || IsFromOwnPage(context.Request, mayBeSilent: true) ? PassAsync(context, endpoint, Credentials.Nobody) : RefuseOtherSiteAsync(context));
            return;
        }
        var (caller, isCookie) = await credentials.FindAsync(context.Request);
        if (caller is null)
        {
            metrics.Denied(AccessMetrics.NoCredential);
            await Problem.NoCredential(context).ExecuteAsync(context);
        }
        else if (!rule.Allows(caller))
        {
            metrics.Denied(AccessMetrics.WrongRole);
            await Problem.WrongRole(rule, caller).ExecuteAsync(context);
        }
        else if (isCookie && !IsFromOwnPage(context.Request, mayBeSilent: false))
        {
            await RefuseOtherSiteAsync(context);
        }
        else if (!_limits.AttemptAcquire(caller).IsAcquired)
        {
            metrics.Denied(AccessMetrics.OverLimit);
            context.Response.Headers.RetryAfter = RetryAfterSeconds;
            await Problem.OverLimit(caller).ExecuteAsync(context);
        }
        else
        {
            await PassAsync(context, endpoint, caller);
        }
    }

    /// <summary>
    /// Without keys the engine hears its own machine alone, but so do pages in a browser there: neither one whose own host's name was made
    /// to point here, nor a form of another site may do anything.
    /// </summary>
    private Task AdmitFromThisMachine(HttpContext context, Endpoint endpoint, AccessRule rule)
    {
        if (rule.Role == Role.None || (IsOfThisMachine(context.Request) && IsFromOwnPage(context.Request, mayBeSilent: true)))
            return PassAsync(context, endpoint, Credentials.Anybody);
        return RefuseOtherSiteAsync(context);
    }

    private Task RefuseOtherSiteAsync(HttpContext context)
    {
        metrics.Denied(AccessMetrics.OtherSite);
        return Problem.OtherSite(context.Request).ExecuteAsync(context);
    }

    private Task PassAsync(HttpContext context, Endpoint endpoint, Caller caller)
    {
        // Where a route has no values, asking for them makes a dictionary for each request.
        if (endpoint is RouteEndpoint { RoutePattern.Parameters.Count: > 0 } && context.Request.RouteValues.TryGetValue(CampaignInRoute, out var value) && value is string id)
        {
            if (!Ids.IsValid(id))
                return Problem.NoSuchId(context.Request.Method, endpoint.Metadata.GetMetadata<IdKind>() ?? IdKind.Campaign, id).ExecuteAsync(context);
            context.Request.RouteValues[CampaignInRoute] = CampaignKeys.Of(caller.Tenant, id);
        }
        if (caller != Credentials.Anybody)
            context.Features.Set(caller);
        return next(context);
    }

    private bool IsOfThisMachine(HttpRequest request)
    {
        string? host = request.Headers.Host;
        if (string.IsNullOrEmpty(host) || host == _lastHost)
            return true;
        var name = request.Host.Host.Trim('[', ']');
        if (name != "localhost" && !name.EndsWith(".localhost", StringComparison.Ordinal) && !(IPAddress.TryParse(name, out var address) && IPAddress.IsLoopback(address)))
            return false;
        _lastHost = host;
        return true;
    }

    /// <param name="mayBeSilent">Whether a change may come without a word of where it comes from, as programs send it; browsers always say.</param>
    private static bool IsFromOwnPage(HttpRequest request, bool mayBeSilent)
    {
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
            return true;
        string? origin = request.Headers.Origin;
        return string.IsNullOrEmpty(origin) ? mayBeSilent : Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.Authority == request.Host.Value;
    }
}
