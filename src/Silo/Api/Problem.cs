using System.Globalization;
using Flywheel.Decisions;
using Flywheel.Domain.Campaigns;
using Flywheel.Silo.Api.Access;

namespace Flywheel.Silo.Api;

/// <summary>Problem documents (RFC 9457), with the fields that are wrong under <c>errors</c>.</summary>
internal static class Problem
{
    public const string NotCurrentDetail = "This silo is not a member of its cluster now, so it may not know all campaigns; another silo does.";

    private const int RetrySeconds = 1;
    private const int CrowdedRetrySeconds = 60;

    public static IResult BadRequest(params IReadOnlyList<FieldError> errors) => Invalid(StatusCodes.Status400BadRequest, errors);

    private static IResult Invalid(int status, IReadOnlyList<FieldError> errors) => Results.Problem(
        statusCode: status,
        title: "The request is not valid.",
        detail: string.Join("; ", errors.Take(5).Select(error => error.Field.Length == 0 ? error.Message : error.ToString())),
        extensions: new Dictionary<string, object?> { ["errors"] = ByField(errors) });

    /// <param name="campaign">Its id or its key; the tenant is not shown.</param>
    public static IResult NotFound(string campaign) => Results.Problem(
        statusCode: StatusCodes.Status404NotFound,
        title: "No such campaign.",
        detail: $"campaign: came \"{Shorten(CampaignKeys.IdOf(campaign))}\"; expected the id of a campaign that GET /v1/campaigns lists");

    public static IResult Missing(string title, string detail) => Results.Problem(statusCode: StatusCodes.Status404NotFound, title: title, detail: detail);

    public static IResult Conflict(string detail) => Results.Problem(statusCode: StatusCodes.Status409Conflict, title: "That cannot be done now.", detail: detail);

    public static IResult TooLarge(string detail) => Results.Problem(
        statusCode: StatusCodes.Status413PayloadTooLarge, title: "The body is too large.", detail: detail);

    public static IResult TooSlow(TimeSpan patience) => Results.Problem(
        statusCode: StatusCodes.Status408RequestTimeout, title: "The body takes too long.", detail: $"It has not come in within {patience.TotalSeconds:0} s; nothing was counted. Send fewer signals at a time.");

    public static IResult Unprocessable(IReadOnlyList<FieldError> errors) => Invalid(StatusCodes.Status422UnprocessableEntity, errors);

    public static IResult Unprocessable(string detail) => Results.Problem(
        statusCode: StatusCodes.Status422UnprocessableEntity, title: "The campaign cannot be stored.", detail: detail);

    public static IResult Busy(HttpContext context) =>
        Later(context, StatusCodes.Status429TooManyRequests, "Too many signals are waiting to be counted.");

    /// <summary>What is remembered goes with its attribution window; sooner than in a minute is of no use.</summary>
    public static IResult Crowded(HttpContext context) => Later(context, StatusCodes.Status429TooManyRequests,
        "More of this tenant's signals within the attribution window than its share of a partition can tell apart; nothing was counted. Sending it again later is safe.", CrowdedRetrySeconds);

    public static IResult StoreAway(HttpContext context) =>
        Later(context, StatusCodes.Status503ServiceUnavailable, "The store is away; nothing was acknowledged. Sending it again is safe.");

    public static IResult NotCurrent(HttpContext context) =>
        Later(context, StatusCodes.Status503ServiceUnavailable, NotCurrentDetail);

    public static IResult CampaignAway(HttpContext context, string campaign) => Later(context, StatusCodes.Status503ServiceUnavailable,
        $"Whether there is a campaign \"{Shorten(CampaignKeys.IdOf(campaign))}\" could not be found out; nothing was acknowledged. Sending it again is safe.");

    public static IResult NotServedYet(HttpContext context, string campaign) => Later(context, StatusCodes.Status503ServiceUnavailable,
        $"The campaign \"{CampaignKeys.IdOf(campaign)}\" is stored, and this silo could not take it over yet. Sending it again is safe.");

    public static IResult TooManyStreams(HttpContext context) =>
        Later(context, StatusCodes.Status429TooManyRequests, "Too many streams are open.");

    /// <summary>What is in the place of an id cannot be one.</summary>
    public static IResult NoSuchId(string method, IdKind kind, string id) => HttpMethods.IsPut(method) ? BadRequest(new FieldError("id", $"\"{Shorten(id)}\"", Ids.Pattern)) : Results.Problem(
        statusCode: StatusCodes.Status404NotFound, title: $"No such {kind.Name}.", detail: $"{kind.Name}: came \"{Shorten(id)}\"; expected an id of {Ids.Pattern}");

    public static IResult NoCredential(HttpContext context)
    {
        context.Response.Headers.WWWAuthenticate = "Bearer";
        return Results.Problem(
            statusCode: StatusCodes.Status401Unauthorized,
            title: "Who is asking?",
            detail: "Authorization: came none that holds; expected \"Bearer\" and an API key of this engine that has not expired or been revoked, or a token of its identity provider");
    }

    public static IResult WrongRole(AccessRule rule, Caller caller) => Results.Problem(
        statusCode: StatusCodes.Status403Forbidden,
        title: "That is not for this key.",
        detail: $"role: came {caller.RoleName}{(rule.IsEngineWide ? $" of the tenant {caller.Tenant}" : "")}; expected {rule}");

    public static IResult OtherSite(HttpRequest request) => Results.Problem(
        statusCode: StatusCodes.Status403Forbidden,
        title: "That came from another site's page.",
        detail: $"Host, Origin: came {Shorten(request.Host.Value ?? "")}, {(request.Headers.Origin.Count == 0 ? "none" : Shorten(request.Headers.Origin.ToString()))}; expected the engine's own address in both. Without API keys that is one of this machine.");

    public static IResult OverLimit(Caller caller) => Results.Problem(
        statusCode: StatusCodes.Status429TooManyRequests, title: "Try again later.", detail: $"This {(caller.Name.StartsWith("jwt:", StringComparison.Ordinal) ? "subject" : "key")} may send {caller.RequestsPerSecond} requests a second to a silo.");

    /// <param name="accepted">What is read, as <c>Accept-Encoding</c> says it.</param>
    public static IResult Encoded(HttpContext context, string accepted = "identity")
    {
        context.Response.Headers.AcceptEncoding = accepted;
        return Results.Problem(
            statusCode: StatusCodes.Status415UnsupportedMediaType,
            title: "The body is compressed.",
            detail: $"Content-Encoding: came {Shorten(context.Request.Headers.ContentEncoding.ToString())}; expected {(accepted == "identity" ? "none" : accepted)}");
    }

    public static string Shorten(string text) => text.Length <= 80 ? text : text[..77] + "...";

    private static IResult Later(HttpContext context, int status, string detail, int seconds = RetrySeconds)
    {
        context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return Results.Problem(statusCode: status, title: "Try again later.", detail: detail);
    }

    private static Dictionary<string, string[]> ByField(IReadOnlyList<FieldError> errors) =>
        errors.GroupBy(error => error.Field).ToDictionary(group => group.Key, group => group.Select(error => error.Message).ToArray());
}
