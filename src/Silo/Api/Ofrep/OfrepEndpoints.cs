using System.Buffers;
using System.IO.Hashing;
using System.Text;
using System.Text.Json.Nodes;
using Flywheel.Decisions;
using Flywheel.Grains.Replicas;
using Flywheel.Silo.Api.Access;
using Flywheel.Silo.Api.Decisions;
using Flywheel.Silo.Api.Description;
using Flywheel.Silo.Hosting;
using Flywheel.Silo.Metrics;

namespace Flywheel.Silo.Api.Ofrep;

/// <summary>
/// <c>/ofrep/v1</c>, the OpenFeature Remote Evaluation Protocol: each slot of a campaign is a flag <c>campaign.slot</c>, the targeting key is the unit, the
/// rest of the context finds the segment. A flag is decided as <c>/v1/decisions</c> decides, and carries the decision's id.
/// </summary>
internal static class OfrepEndpoints
{
    private const int MaxBody = 64 * 1024;

    /// <summary>Flags that are evaluated at once; each campaign of them is a decision.</summary>
    private const int MaxFlags = 1_000;

    public static void MapOfrep(this IEndpointRouteBuilder app)
    {
        var flags = app.MapGroup("/ofrep/v1/evaluate/flags").WithTags("OpenFeature").ForServing()
            .WithMetadata(new CountedAnswers((context, status) => context.RequestServices.GetRequiredService<OfrepMetrics>().Answered(status)));
        flags.MapPost("{key}", OneAsync).WithSummary("A slot as a flag: campaign.slot").Takes<OfrepRequest>().Produces<OfrepFlag>().Produces<OfrepFailure>(400).Produces<OfrepFailure>(404);
        flags.MapPost("", AllAsync).WithSummary("Every slot of every live campaign; its ETag holds while the unit would be served the same").Takes<OfrepRequest>()
            .Produces<OfrepFlags>().Produces(304).Produces<OfrepFailure>(400);
    }

    private static async Task<IResult> OneAsync(string key, HttpContext context, DecisionService decisions, CampaignReplica replica, Readiness readiness, CancellationToken cancellationToken)
    {
        var (asked, failure) = await ReadAsync(key, context.Request, cancellationToken);
        if (asked is null)
            return failure!;
        var tenant = context.Tenant();
        var (campaign, slot) = key.Split('.') is [var before, var after] ? (before, after) : ("", "");
        if (!Ids.IsValid(campaign) || replica.Find(CampaignKeys.Of(tenant, campaign)) is not { } found || found.Layout.IndexOfSlot(slot) < 0)
            return Fail(key, new OfrepError(OfrepError.FlagNotFound, $"key: came \"{Problem.Shorten(key)}\"; expected a campaign and one of its slots, as spring.headline"), StatusCodes.Status404NotFound);
        return Results.Ok(Evaluate(campaign, tenant, asked, decisions, readiness)?.Single(flag => flag.Key == key) ?? new OfrepFlag(key, "DISABLED"));
    }

    private static async Task<IResult> AllAsync(HttpContext context, DecisionService decisions, CampaignReplica replica, Readiness readiness, TimeProvider time, CancellationToken cancellationToken)
    {
        var (asked, failure) = await ReadAsync(null, context.Request, cancellationToken);
        if (asked is null)
            return failure!;
        var tenant = context.Tenant();
        var campaigns = replica.Campaigns.Where(campaign => campaign.IsLive && campaign.IsOf(tenant)).OrderBy(campaign => campaign.Published.Id, StringComparer.Ordinal).ToList();
        if (campaigns.Sum(campaign => campaign.Layout.Slots.Length) is > MaxFlags and var many)
            return Fail(null, new OfrepError(OfrepError.General, $"there are {many} flags; expected at most {MaxFlags}: ask for them one by one"), StatusCodes.Status400BadRequest);
        // Nothing is decided for who has it already: a decision that is not served would be one without a signal.
        var tag = TagOf(campaigns, tenant, asked, decisions, time.GetUtcNow().ToUnixTimeSeconds());
        context.Response.Headers.ETag = tag;
        if (KnownTags.Hold(context.Request, tag))
            return Results.StatusCode(StatusCodes.Status304NotModified);
        return Results.Ok(new OfrepFlags([.. campaigns.SelectMany(campaign => Evaluate(campaign.Published.LocalId, tenant, asked, decisions, readiness) ?? [])]));
    }

    /// <summary>What is asked; null, and what to answer, where it cannot be read.</summary>
    private static async Task<(OfrepContext? Asked, IResult? Failure)> ReadAsync(string? key, HttpRequest request, CancellationToken cancellationToken)
    {
        try
        {
            using var body = await RequestBody.ReadAsync(request, MaxBody, cancellationToken);
            return OfrepContext.Read(body.Memory, out var error) is { } asked ? (asked, null) : (null, Fail(key, error!, StatusCodes.Status400BadRequest));
        }
        catch (BadHttpRequestException e)
        {
            return (null, Fail(key, new OfrepError(OfrepError.General, e.Message), e.StatusCode));
        }
    }

    /// <summary>The slots of a campaign as flags, of one decision; null where it decides nothing.</summary>
    private static IReadOnlyList<OfrepFlag>? Evaluate(string campaign, string tenant, OfrepContext asked, DecisionService decisions, Readiness readiness)
    {
        var output = new ArrayBufferWriter<byte>(1_024);
        if (decisions.Decide(RequestOf(campaign, asked), tenant, output, out _) != DecisionOutcome.Decided)
            return null;
        var decision = JsonNode.Parse(output.WrittenSpan)!.AsObject();
        var reason = readiness.Degraded is not null ? "STALE" : decision["reason"]!.GetValue<string>() == "fallback" ? "DEFAULT" : "SPLIT";
        return [.. decision["variant"]!.AsObject().Select(slot => new OfrepFlag($"{campaign}.{slot.Key}", reason)
        {
            Variant = slot.Value!["module"]!.GetValue<string>(),
            Value = slot.Value["content"]!.DeepClone().AsObject(),
            Metadata = new JsonObject
            {
                ["decisionId"] = decision["decisionId"]!.DeepClone(),
                ["campaign"] = campaign,
                ["segment"] = decision["segment"]!.DeepClone(),
                ["policyVersion"] = decision["policyVersion"]!.DeepClone(),
                ["propensity"] = decision["propensity"]!.DeepClone(),
                ["version"] = slot.Value["version"]!.DeepClone(),
            },
        })];
    }

    /// <summary>
    /// Of what the unit would be served, where, and of the campaigns as they are. It changes twice in each attribution window, so that who keeps
    /// its flags tracks by a decision whose signals still count.
    /// </summary>
    private static string TagOf(IEnumerable<ReplicatedCampaign> campaigns, string tenant, OfrepContext asked, DecisionService decisions, long nowSeconds)
    {
        var hash = new XxHash128();
        hash.Append(asked.TargetingKey);
        foreach (var campaign in campaigns)
        {
            var served = decisions.Preview(RequestOf(campaign.Published.LocalId, asked), tenant);
            hash.Append(Encoding.UTF8.GetBytes($"{campaign.Published.Id}/{campaign.Published.Incarnation}/{campaign.Published.Revision}/{served?.Segment}/{served?.Combination}/{nowSeconds / Math.Max(1, campaign.WindowSeconds / 2)}\n"));
        }
        return $"\"{Convert.ToHexStringLower(hash.GetCurrentHash())}\"";
    }

    private static DecisionRequest RequestOf(string campaign, OfrepContext asked) =>
        new() { Campaign = Encoding.UTF8.GetBytes(campaign), Unit = asked.TargetingKey, Context = asked.Json };

    private static IResult Fail(string? key, OfrepError error, int status) => Results.Json(new OfrepFailure(key, error.ErrorCode, error.ErrorDetails), statusCode: status);

    /// <param name="Context"><c>targetingKey</c>, and what segments and channels go by.</param>
    internal sealed record OfrepRequest(JsonObject Context);
}
