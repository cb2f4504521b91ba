using System.Text.Json;
using System.Text.Json.Nodes;
using Flywheel.Abstractions.Webhooks;
using Flywheel.Decisions;
using Flywheel.Domain.Campaigns;
using Flywheel.Domain.Webhooks;
using Flywheel.Silo.Api.Access;
using Flywheel.Silo.Api.Description;
using Flywheel.Silo.Metrics;

namespace Flywheel.Silo.Api.Webhooks;

/// <summary><c>/v1/webhooks</c>: who is told when a proposal waits, a verdict changes, a module fades or a campaign degrades, by Standard Webhooks.</summary>
internal static class WebhookEndpoints
{
    private const int MaxBody = 16 * 1024;

    public static void MapWebhooks(this IEndpointRouteBuilder app)
    {
        // The address of a receiver often is a secret itself, so reading takes the role, too.
        var hooks = app.MapGroup("/v1/webhooks").WithTags("Webhooks").ForOperating().WithMetadata(new IdKind("webhook"));
        hooks.MapGet("", ListAsync).WithSummary("All webhooks of the tenant").Produces<WebhookList>();
        hooks.MapGet("{id}", GetAsync).WithSummary("A webhook, without its secret").Produces<WebhookShown>().ProducesProblem(404);
        hooks.MapPut("{id}", PutAsync).WithSummary("Create or replace; the answer to the first has the secret, this once")
            .Takes<WebhookDocument>().Produces<WebhookShown>().Produces<WebhookShown>(201).ProducesProblem(400).ProducesProblem(422).WithMetadata(new CountedAnswers(Count));
        hooks.MapDelete("{id}", DeleteAsync).WithSummary("Delete with all that waits").Produces(204).ProducesProblem(404);
        hooks.MapPost("{id}/secret", RotateAsync).WithSummary("A new secret; the one before signs as well for a day").Produces<SecretShown>().ProducesProblem(404);
        hooks.MapPost("{id}/test", TestAsync).WithSummary("Send a message of the type webhook.test").Produces<TestReceipt>(202).ProducesProblem(404).ProducesProblem(409);
        hooks.MapGet("{id}/deliveries", DeliveriesAsync).WithSummary("The last attempts, newest first, and what waits").Produces<DeliveryList>().ProducesProblem(404);
        hooks.MapGet("{id}/dead-letters", DeadLettersAsync).WithSummary("Messages that were given up, newest first").Produces<DeadLetterList>().ProducesProblem(404);
        hooks.MapPost("{id}/replay", ReplayAsync).WithSummary("Send dead letters again, under their own ids; all, or one").Asks("message", "The id of one; all without it")
            .Produces<ReplayReceipt>(202).ProducesProblem(404).ProducesProblem(409);
    }

    private static void Count(HttpContext context, int status)
    {
        if (CountedAnswers.IsBadInput(status))
            context.RequestServices.GetRequiredService<WebhookMetrics>().Refused();
    }

    private static IWebhookGrain Hook(IGrainFactory grains, string id) => grains.GetGrain<IWebhookGrain>(id);

    private static async Task<IResult> ListAsync(HttpContext context, IGrainFactory grains, CancellationToken cancellationToken)
    {
        var tenant = context.Tenant();
        var keys = (await grains.GetGrain<IWebhookDirectoryGrain>(0).ListAsync(cancellationToken)).Where(key => CampaignKeys.TenantOf(key).SequenceEqual(tenant));
        var found = await Task.WhenAll(keys.Select(key => Hook(grains, key).DescribeAsync(cancellationToken)));
        return Results.Ok(new WebhookList([.. found.OfType<WebhookStandingMessage>().Select(standing => Shown(standing))]));
    }

    private static async Task<IResult> GetAsync(string id, IGrainFactory grains, CancellationToken cancellationToken) =>
        await Hook(grains, id).DescribeAsync(cancellationToken) is { } standing ? Results.Ok(Shown(standing)) : Missing(id);

    private static async Task<IResult> PutAsync(string id, HttpContext context, IGrainFactory grains, WebhookAddresses addresses, CancellationToken cancellationToken)
    {
        using var body = await RequestBody.ReadAsync(context.Request, MaxBody, cancellationToken);
        var definition = WebhookReader.Read(body.Memory, out var errors);
        if (definition is not null && addresses.Refuse(new Uri(definition.Url).Host))
            errors = [new FieldError("url", $"\"{Problem.Shorten(definition.Url)}\"", "an address that is reached from the internet, or one of a network that --webhook-private allows")];
        if (definition is null || errors.Count > 0)
            return Problem.BadRequest(errors);
        var outcome = await Hook(grains, id).PutAsync(new WebhookPutMessage(definition), CancellationToken.None);
        if (outcome.Standing is not { } standing)
            return Results.Problem(statusCode: StatusCodes.Status422UnprocessableEntity, title: "The webhook cannot be stored.", detail: outcome.Refused);
        var shown = Shown(standing) with { Secret = outcome.Secret };
        return outcome.IsCreated ? Results.Created($"/v1/webhooks/{shown.Id}", shown) : Results.Ok(shown);
    }

    private static async Task<IResult> DeleteAsync(string id, IGrainFactory grains) =>
        await Hook(grains, id).DeleteAsync(CancellationToken.None) ? Results.NoContent() : Missing(id);

    private static async Task<IResult> RotateAsync(string id, IGrainFactory grains) =>
        await Hook(grains, id).RotateAsync(CancellationToken.None) is { Secret: { } secret, PreviousUntil: { } until } ? Results.Ok(new SecretShown(secret, until)) : Missing(id);

    private static async Task<IResult> TestAsync(string id, IGrainFactory grains)
    {
        var outcome = await Hook(grains, id).TestAsync(CancellationToken.None);
        return Refuse(id, outcome) ?? Results.Json(new TestReceipt(outcome.Message!), statusCode: StatusCodes.Status202Accepted);
    }

    private static async Task<IResult> DeliveriesAsync(string id, IGrainFactory grains, CancellationToken cancellationToken)
    {
        if (await Hook(grains, id).ReadAsync(cancellationToken) is not { } outbox)
            return Missing(id);
        return Results.Ok(new DeliveryList(
            [.. outbox.Deliveries.Reverse().Select(each => new DeliveryShown(each.Message, each.Type, each.Attempt, each.At, NameOf(each.Outcome), each.ElapsedMs) { Status = each.Status })],
            [.. outbox.Queue.Select(each => new QueuedShown(each.Message.Id, each.Message.Type, each.Attempts, each.NextAt, Payload(each.Message)))]));
    }

    private static async Task<IResult> DeadLettersAsync(string id, IGrainFactory grains, CancellationToken cancellationToken)
    {
        if (await Hook(grains, id).ReadAsync(cancellationToken) is not { } outbox)
            return Missing(id);
        return Results.Ok(new DeadLetterList(
            [.. outbox.Dead.Reverse().Select(each => new DeadLetterShown(each.Message.Id, each.Message.Type, each.Attempts, each.At, NameOf(each.Outcome), Payload(each.Message)) { Status = each.Status })]));
    }

    private static async Task<IResult> ReplayAsync(string id, string? message, IGrainFactory grains)
    {
        var outcome = await Hook(grains, id).ReplayAsync(message is { Length: > 0 } ? message : null, CancellationToken.None);
        if (Refuse(id, outcome) is { } refusal)
            return refusal;
        return message is { Length: > 0 } && outcome.Replayed == 0
            ? Problem.Missing("No such dead letter.", $"message: came \"{Problem.Shorten(message)}\"; expected the id of one that GET …/dead-letters lists")
            : Results.Json(new ReplayReceipt(outcome.Replayed), statusCode: StatusCodes.Status202Accepted);
    }

    private static IResult? Refuse(string id, WebhookOutcome outcome) =>
        outcome.Standing is null ? Missing(id) : outcome.Refused is { } refused ? Problem.Conflict(refused) : null;

    private static IResult Missing(string id) =>
        Problem.Missing("No such webhook.", $"webhook: came \"{Problem.Shorten(CampaignKeys.IdOf(id))}\"; expected the id of a webhook that GET /v1/webhooks lists");

    private static WebhookShown Shown(WebhookStandingMessage standing)
    {
        var definition = standing.Definition;
        return new WebhookShown(
            CampaignKeys.IdOf(standing.Key), definition.Url, definition.Events.IsEmpty ? WebhookEvents.All : definition.Events, definition.Campaigns,
            definition.IsEnabled, standing.IsGone, standing.CreatedAt, standing.Queued, standing.Dead)
        {
            Description = definition.Description,
        };
    }

    private static JsonObject Payload(WebhookMessage message) => JsonNode.Parse(message.Body)!.AsObject();

    private static string NameOf(DeliveryOutcome outcome) => JsonNamingPolicy.CamelCase.ConvertName(outcome.ToString());
}
