using System.Globalization;
using System.Text.Json;
using Flywheel.Client;
using Flywheel.Decisions;
using Flywheel.Domain.Campaigns;
using Flywheel.Grains.Replicas;
using Flywheel.Signals;
using Flywheel.Silo.Api.Access;
using Flywheel.Silo.Api.Description;
using Flywheel.Silo.Hosting;
using Flywheel.Silo.Metrics;

namespace Flywheel.Silo.Api.Leases;

/// <summary>
/// <c>/v1/campaigns/{id}/lease</c>, the right to sign decisions elsewhere, and <c>/v1/decisions/served</c>, how many were.
/// </summary>
internal static class LeaseEndpoints
{
    private const int MaxBody = 1024 * 1024;

    public static void MapLeases(this IEndpointRouteBuilder app)
    {
        app.MapPost("/v1/campaigns/{id}/lease", (Delegate)GrantAsync).WithTags("Local decisions").WithSummary("The right to sign decisions of a campaign for an hour").ForServing()
            .Produces<LeaseAnswer>().ProducesProblem(404).ProducesProblem(503);
        app.MapPost("/v1/decisions/served", (Delegate)TakeServedAsync).WithTags("Local decisions").WithSummary("How many decisions were served under a lease; up to 1,000 rows").ForServing()
            .Takes<Client.ServedReport>().Produces<ServedReceipt>(202).ProducesProblem(400).ProducesProblem(404).ProducesProblem(413).ProducesProblem(429).ProducesProblem(503);
    }

    private static Task GrantAsync(HttpContext context, string id)
    {
        var services = context.RequestServices;
        if (services.GetRequiredService<CampaignReplica>().Find(id) is not { } campaign)
            return (IsCurrent(context) ? Problem.NotFound(id) : Problem.NotCurrent(context)).ExecuteAsync(context);
        var keys = services.GetRequiredService<TokenKeys>();
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        var lease = keys.Grant(campaign.Published.Id, campaign.Published.Incarnation, TokenLease.GivenCounters, (now + TokenLease.Life).ToUnixTimeMilliseconds());
        services.GetRequiredService<FlywheelMetrics>().Leased();
        context.Response.Headers.CacheControl = "no-store";
        var answer = ResponseBuffer.Rent();
        answer.Json.WriteStartObject();
        answer.Json.WriteString("lease"u8, keys.Write(lease));
        answer.Json.WriteString("incarnation"u8, Hex(lease.Incarnation));
        answer.Json.WriteString("issuer"u8, Hex(lease.Issuer));
        answer.Json.WriteNumber("keyId"u8, lease.KeyId);
        answer.Json.WriteBase64String("key"u8, lease.Key);
        answer.Json.WriteNumber("counters"u8, lease.Counters);
        answer.Json.WriteString("grantedAt"u8, now.UtcDateTime);
        answer.Json.WriteString("expiresAt"u8, DateTimeOffset.FromUnixTimeMilliseconds(lease.ExpiresAtMs).UtcDateTime);
        answer.Json.WriteEndObject();
        return answer.SendAsync(context.Response, StatusCodes.Status200OK);
    }

    private static async Task TakeServedAsync(HttpContext context)
    {
        var services = context.RequestServices;
        if (!IsCurrent(context))
        {
            await Problem.NotCurrent(context).ExecuteAsync(context);
            return;
        }
        using var body = await RequestBody.ReadAsync(context.Request, MaxBody, context.RequestAborted);
        var (intake, error) = Take(context, body.Memory);
        var missed = services.GetRequiredService<MissedCampaigns>();
        if (intake.Missed is { } life && !missed.WasAsked(life))
        {
            if (await missed.LookAsync([life], context.RequestAborted) is not { } askedAt)
            {
                await Problem.CampaignAway(context, life.Id).ExecuteAsync(context);
                return;
            }
            (intake, error) = Take(context, body.Memory);
            if (intake.Missed is not null)
                missed.Remember(life, askedAt);
        }
        if (error is not null)
        {
            await Problem.BadRequest(error).ExecuteAsync(context);
            return;
        }
        var outcome = await services.GetRequiredService<SignalAppender>().AppendAsync(intake.Entries());
        services.GetRequiredService<FlywheelMetrics>().ServedLocally(
            outcome switch { AppendOutcome.Durable => "accepted", AppendOutcome.BacklogFull => "busy", _ => "away" }, intake.Accepted, intake.Rejected.Count, intake.Decisions);
        await (outcome switch
        {
            AppendOutcome.Durable => Receipt.SendAsync(context, intake.Accepted, intake.Rejected),
            AppendOutcome.BacklogFull => Problem.Busy(context).ExecuteAsync(context),
            _ => Problem.StoreAway(context).ExecuteAsync(context),
        });
    }

    private static (ServedIntake Intake, FieldError? Error) Take(HttpContext context, ReadOnlyMemory<byte> body)
    {
        var services = context.RequestServices;
        var intake = new ServedIntake(services.GetRequiredService<CampaignReplica>(), services.GetRequiredService<TokenKeys>(), services.GetRequiredService<TimeProvider>(), context.Tenant());
        try
        {
            return (intake, intake.Take(body));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return (intake, new FieldError("", $"malformed JSON ({JsonText.FaultOf(e)})", "{\"lease\":\"…\",\"rows\":[…]}"));
        }
    }

    private static bool IsCurrent(HttpContext context) => context.RequestServices.GetRequiredService<Readiness>().IsCurrent;

    private static string Hex(ulong value) => value.ToString("x16", CultureInfo.InvariantCulture);
}
