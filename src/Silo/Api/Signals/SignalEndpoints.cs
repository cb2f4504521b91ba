using System.Text;
using System.Text.Json;
using Flywheel.Client;
using Flywheel.Decisions;
using Flywheel.Domain.Campaigns;
using Flywheel.Grains.Replicas;
using Flywheel.Signals;
using Flywheel.Silo.Api.Access;
using Flywheel.Silo.Api.CloudEvents;
using Flywheel.Silo.Api.Description;
using Flywheel.Silo.Hosting;
using Flywheel.Silo.Metrics;

namespace Flywheel.Silo.Api.Signals;

/// <summary><c>/v1/signals</c> and the beacon: what people did, durable before it is acknowledged.</summary>
internal static class SignalEndpoints
{
    private const string ImageSuffix = ".gif";

    /// <summary>A body holds room that others wait for.</summary>
    private static readonly TimeSpan BodyPatience = TimeSpan.FromSeconds(60);

    /// <summary>A transparent GIF of 1 × 1.</summary>
    private static readonly byte[] Pixel = Convert.FromBase64String("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7");

    public static void MapSignals(this IEndpointRouteBuilder app)
    {
        app.MapPost("/v1/signals", (Delegate)TakeAsync).WithTags("Signals").WithSummary("One signal, an array, or one a line (application/x-ndjson); at most 10,000").ForServing()
            .Takes<Signal>(orMany: true, orLines: true, orEvents: true).Produces<SignalsReceipt>(202).ProducesProblem(400).ProducesProblem(413).ProducesProblem(429).ProducesProblem(503)
            .WithMetadata(new CountedAnswers(CountUnread));
        app.MapGet("/v1/b/{type}/{decisionId}", BeaconAsync).WithTags("Signals").WithSummary("The beacon; add .gif for an image").ForAnySite()
            .Produces(204).Produces<Stream>(200, "image/gif").ProducesProblem(400).ProducesProblem(429).ProducesProblem(503);
        app.MapPost("/v1/b/{type}/{decisionId}", BeaconAsync).WithTags("Signals").WithSummary("The beacon for navigator.sendBeacon; a body is not read").ForAnySite()
            .Produces(204).ProducesProblem(400).ProducesProblem(429).ProducesProblem(503);
    }

    private static async Task TakeAsync(HttpContext context)
    {
        if (!IsCurrent(context))
        {
            Count(context, CloudEventForms.Of(context.Request), "away", 1);
            await Problem.NotCurrent(context).ExecuteAsync(context);
            return;
        }
        if (IsFull(context))
        {
            await Problem.Busy(context).ExecuteAsync(context);
            return;
        }
        var intake = NewIntake(context, context.Tenant());
        var body = new SignalBody(intake);
        try
        {
            using var room = await context.RequestServices.GetRequiredService<SignalGate>().EnterAsync(context.Request.ContentLength, context.RequestAborted);
            if (!room.IsAcquired)
            {
                Count(context, intake.Form, "busy", 1);
                await Problem.Busy(context).ExecuteAsync(context);
                return;
            }
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
            patience.CancelAfter(BodyPatience);
            if (SignalFraming.IsLines(context.Request.ContentType))
                await body.ReadLinesAsync(context.Request, room, patience.Token);
            else
                await body.ReadJsonAsync(context.Request, room, patience.Token);
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            context.Response.Headers.Connection = "close";
            await Problem.TooSlow(BodyPatience).ExecuteAsync(context);
            return;
        }
        catch (JsonException e)
        {
            Count(context, intake.Form, "rejected", 1);
            await Problem.BadRequest(new FieldError("", $"malformed JSON ({JsonText.FaultOf(e)}); nothing was counted", "one signal, an array of signals, or one a line as application/x-ndjson")).ExecuteAsync(context);
            return;
        }
        if (body.IsWithoutRoom)
        {
            context.Response.Headers.Connection = "close";
            Count(context, intake.Form, "busy", 1);
            await Problem.Busy(context).ExecuteAsync(context);
            return;
        }
        if (CloudEventForms.Misfit(intake.Form, body.IsSingle, body.Count) is { } misfit)
        {
            Count(context, intake.Form, "rejected", 1);
            await Problem.BadRequest(misfit).ExecuteAsync(context);
            return;
        }
        if (body.IsTooMany)
        {
            await Problem.TooLarge($"came more than {SignalBody.MaxSignals} signals; expected at most {SignalBody.MaxSignals} a request; nothing was counted").ExecuteAsync(context);
            return;
        }
        if (await LookAsync(context, intake, body.Count) is { } later)
        {
            await later.ExecuteAsync(context);
            return;
        }
        body.TakeUndecided();
        if (await AppendAsync(context, intake, body.Rejected.Count) is { } problem)
            await problem.ExecuteAsync(context);
        else
            await AnswerAsync(context, intake, body);
    }

    private static async Task BeaconAsync(HttpContext context, string type, string decisionId)
    {
        if (!IsCurrent(context))
        {
            Count(context, CloudEventForm.None, "away", 1);
            await Problem.NotCurrent(context).ExecuteAsync(context);
            return;
        }
        var isImage = decisionId.EndsWith(ImageSuffix, StringComparison.Ordinal);
        // A beacon has no credential but the decision that it is about.
        var isExcess = context.RequestServices.GetRequiredService<BeaconGuard>().IsExcess(context.Connection.RemoteIpAddress);
        var intake = NewIntake(context, tenant: null, isExcess ? SignalOrigin.ExcessBeacon : SignalOrigin.Beacon);
        context.Response.Headers.CacheControl = "no-store";
        var token = isImage ? decisionId[..^ImageSuffix.Length] : decisionId;
        var error = Take(intake, type, token);
        if (intake.IsUndecided)
        {
            if (await LookAsync(context, intake, 1) is { } later)
            {
                await later.ExecuteAsync(context);
                return;
            }
            error = Take(intake, type, token);
        }
        if (await AppendAsync(context, intake, error is null ? 0 : 1) is { } problem)
            await problem.ExecuteAsync(context);
        else if (error is not null)
            await Rejection(error).ExecuteAsync(context);
        else if (isImage)
            await Results.Bytes(Pixel, "image/gif").ExecuteAsync(context);
        else
            context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private static string? Take(SignalIntake intake, string type, string decisionId) =>
        intake.Take(new RawSignal { Type = Encoding.UTF8.GetBytes(type), DecisionId = Encoding.UTF8.GetBytes(decisionId) });

    /// <summary>A silo that may not know all campaigns would reject signals of those that it does not know, and they would be lost.</summary>
    private static bool IsCurrent(HttpContext context) => context.RequestServices.GetRequiredService<Readiness>().IsCurrent;

    /// <summary>Turning signals away must cost less than taking them, so nobody reads how many there are: a request counts as one.</summary>
    private static bool IsFull(HttpContext context)
    {
        if (!context.RequestServices.GetRequiredService<SignalAppender>().IsFull)
            return false;
        Count(context, CloudEventForms.Of(context.Request), "busy", 1);
        return true;
    }

    /// <summary>What is turned away as a whole, before its signals are looked at, counts as one, as a body that is malformed does.</summary>
    private static void CountUnread(HttpContext context, int status)
    {
        if (status is StatusCodes.Status408RequestTimeout or StatusCodes.Status413PayloadTooLarge or StatusCodes.Status415UnsupportedMediaType)
            Count(context, CloudEventForms.Of(context.Request), "rejected", 1);
    }

    private static void Count(HttpContext context, CloudEventForm form, string outcome, int signals)
    {
        var metrics = context.RequestServices.GetRequiredService<FlywheelMetrics>();
        metrics.Received(outcome, signals);
        if (form != CloudEventForm.None)
            metrics.ReceivedEvents(outcome, signals);
    }

    private static SignalIntake NewIntake(HttpContext context, string? tenant, SignalOrigin origin = SignalOrigin.Caller)
    {
        var services = context.RequestServices;
        return new SignalIntake(services.GetRequiredService<CampaignReplica>(), services.GetRequiredService<MissedCampaigns>(), services.GetRequiredService<TokenKeys>(), services.GetRequiredService<TimeProvider>(), tenant)
        {
            Origin = origin,
            Form = origin == SignalOrigin.Caller ? CloudEventForms.Of(context.Request) : CloudEventForm.None,
            Headers = context.Request.Headers,
            Crowded = services.GetRequiredService<CrowdedTenants>(),
        };
    }

    /// <summary>Asks for campaigns that this silo may have missed; what to answer where they could not be asked for, else null.</summary>
    private static async Task<IResult?> LookAsync(HttpContext context, SignalIntake intake, int signals)
    {
        if (await intake.LookAsync(context.RequestAborted))
            return null;
        Count(context, intake.Form, "away", signals);
        return Problem.CampaignAway(context, intake.Missed.First().Id);
    }

    private static async Task<IResult?> AppendAsync(HttpContext context, SignalIntake intake, int rejected)
    {
        if (intake.IsCrowded)
        {
            Count(context, intake.Form, "busy", intake.Accepted);
            return Problem.Crowded(context);
        }
        var outcome = await context.RequestServices.GetRequiredService<SignalAppender>().AppendAsync(intake.Entries());
        Count(context, intake.Form, "rejected", rejected);
        context.RequestServices.GetRequiredService<FlywheelMetrics>().LeasedRefused(intake.LeasedRefused);
        Count(context, intake.Form, outcome switch { AppendOutcome.Durable => "accepted", AppendOutcome.BacklogFull => "busy", _ => "away" }, intake.Accepted);
        return outcome switch
        {
            AppendOutcome.Durable => null,
            AppendOutcome.BacklogFull => Problem.Busy(context),
            _ => Problem.StoreAway(context),
        };
    }

    private static Task AnswerAsync(HttpContext context, SignalIntake intake, SignalBody body) =>
        body.IsSingle && body.Rejected is [var (_, error)] ? Rejection(error).ExecuteAsync(context) : Receipt.SendAsync(context, intake.Accepted, body.Rejected);

    /// <summary>The problem document of a signal that came alone; it also says what a batch's answer would.</summary>
    private static IResult Rejection(string error) => Results.Problem(
        statusCode: StatusCodes.Status400BadRequest,
        title: "The signal was rejected.",
        detail: error,
        extensions: new Dictionary<string, object?> { ["accepted"] = 0, ["rejected"] = new object[] { new { index = 0, error } } });
}
