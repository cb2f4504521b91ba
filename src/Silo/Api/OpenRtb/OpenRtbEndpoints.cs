using System.Text.Json.Nodes;
using Flywheel.Decisions;
using Flywheel.Domain.Campaigns;
using Flywheel.Grains.Replicas;
using Flywheel.Silo.Api.Access;
using Flywheel.Silo.Api.Description;
using Flywheel.Silo.Hosting;
using Flywheel.Silo.Metrics;
using Microsoft.AspNetCore.Mvc;

namespace Flywheel.Silo.Api.OpenRtb;

/// <summary>
/// <c>/openrtb/2.6/bid/{campaign}</c>: bids of a campaign for native impressions (OpenRTB 2.6, Native 1.2). An answer is 200 with bids, 200 with the
/// standard's code of why there are none, 204 where the standard has no code for it, or 400 without a body for what is no bid request. The header
/// <see cref="ReasonHeader"/> says why.
/// </summary>
internal static class OpenRtbEndpoints
{
    public const string ReasonHeader = "x-flywheel-reason";

    private const string VersionHeader = "x-openrtb-version";
    private const string Version = "2.6";

    /// <summary>What is left of the exchange's patience for the way back; with less there is no bid.</summary>
    private static readonly TimeSpan WayBack = TimeSpan.FromMilliseconds(5);

    public static void MapOpenRtb(this IEndpointRouteBuilder app) =>
        app.MapPost("/openrtb/2.6/bid/{campaign}", BidAsync).WithTags("OpenRTB").WithSummary("Bids of a campaign for native impressions; plain or gzip").ForServing().WithMetadata(new ReadsEncodings(), new SkipStatusCodePagesAttribute())
            .Takes<OpenRtbRequest>().Produces<BidResponse>().Produces(204).Produces(400).ProducesProblem(404).ProducesProblem(415);

    private static async Task BidAsync(
        HttpContext context, string campaign, Bidder bidder, CampaignReplica replica, Readiness readiness, FlywheelOptions options, OpenRtbMetrics metrics, TimeProvider time, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        context.Response.Headers[VersionHeader] = Version;
        if (!BidBody.IsReadable(context.Request))
        {
            metrics.Asked(OpenRtbMetrics.Invalid);
            await Problem.Encoded(context, "gzip, identity").ExecuteAsync(context);
            return;
        }
        var (request, error, status) = await ReadAsync(context.Request, cancellationToken);
        if (request is null)
        {
            Refuse(context, metrics, OpenRtbMetrics.Invalid, error!.ToString(), status);
            return;
        }
        if (!Ids.IsValid(campaign) || replica.Find(CampaignKeys.Of(context.Tenant(), campaign)) is not { } found)
        {
            await (readiness.IsCurrent ? UnknownAsync(context, campaign, metrics) : NoBidAsync(context, request, NoBid.Away, Problem.NotCurrentDetail, metrics));
            return;
        }
        if (IsLate())
        {
            await NoBidAsync(context, request, NoBid.Late, DetailOf(request, NoBid.Late), metrics);
            return;
        }
        var bids = bidder.BidsFor(request, found, options.PublicUrl ?? $"{context.Request.Scheme}://{context.Request.Host.Value}", IsLate, out var reason);
        if (bids.Count == 0)
        {
            await NoBidAsync(context, request, reason, DetailOf(request, reason), metrics);
            return;
        }
        metrics.Asked(request.IsTest ? OpenRtbMetrics.Test : OpenRtbMetrics.Bid);
        await BidBody.SendAsync(context, new BidResponse(request.Id, [new SeatBid(bids)]) { Cur = found.Published.Campaign.Delivery!.Currency }.ToUtf8());

        bool IsLate() => request.Patience is { } patience && time.GetElapsedTime(began) + WayBack > TimeSpan.FromMilliseconds(patience);
    }

    private static string? DetailOf(BidRequest request, NoBid reason) => reason switch
    {
        NoBid.Late => $"tmax: came {request.Patience}; expected time for an answer and its way back",
        NoBid.Invalid => request.Impressions.First(impression => impression.Wrong is not null).Wrong!.ToString(),
        _ => null,
    };

    private static async Task<(BidRequest? Request, FieldError? Error, int Status)> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.Headers[VersionHeader] is [{ } version, ..] && !version.StartsWith("2.", StringComparison.Ordinal))
            return (null, new FieldError(VersionHeader, $"\"{Problem.Shorten(version)}\"", $"a version 2, such as {Version}"), StatusCodes.Status400BadRequest);
        if (!request.Host.HasValue)
            return (null, new FieldError("Host", "nothing", "the engine's address: beacons begin with it"), StatusCodes.Status400BadRequest);
        try
        {
            var (body, error) = await BidBody.ReadAsync(request, cancellationToken);
            return (body is null ? null : BidRequest.Read(body, out error), error, StatusCodes.Status400BadRequest);
        }
        catch (BadHttpRequestException e)
        {
            return (null, new FieldError("", e.StatusCode == StatusCodes.Status413PayloadTooLarge ? $"more than {BidBody.MaxBytes} bytes" : e.Message, $"at most {BidBody.MaxBytes} bytes"), e.StatusCode);
        }
    }

    private static Task UnknownAsync(HttpContext context, string campaign, OpenRtbMetrics metrics)
    {
        metrics.Asked(OpenRtbMetrics.Unknown);
        return Problem.NotFound(campaign).ExecuteAsync(context);
    }

    private static async Task NoBidAsync(HttpContext context, BidRequest request, NoBid reason, string? detail, OpenRtbMetrics metrics)
    {
        var name = NoBids.NameOf(reason);
        if (NoBids.CodeOf(reason) is not { } code)
        {
            Refuse(context, metrics, name, detail, StatusCodes.Status204NoContent);
            return;
        }
        Refuse(context, metrics, name, detail, StatusCodes.Status200OK);
        await BidBody.SendAsync(context, new BidResponse(request.Id, []) { Nbr = code }.ToUtf8());
    }

    private static void Refuse(HttpContext context, OpenRtbMetrics metrics, string reason, string? detail, int status)
    {
        metrics.Asked(reason);
        context.Response.StatusCode = status;
        context.Response.Headers[ReasonHeader] = detail is null ? reason : $"{reason}; {Printable(detail)}";
    }

    /// <summary>What a header may hold.</summary>
    private static string Printable(string text) => new([.. text.Take(300).Select(each => each is >= ' ' and <= '~' ? each : '?')]);

    /// <param name="Id">By which it is answered.</param>
    /// <param name="Imp">Impressions, of which those with <c>native</c> are bid for.</param>
    internal sealed record OpenRtbRequest(string Id, IReadOnlyList<JsonObject> Imp);
}
