using System.Globalization;
using System.Text.Json;
using Flywheel.Abstractions.Campaigns;
using Flywheel.Client;
using Flywheel.Decisions;
using Flywheel.Domain.Campaigns;
using Flywheel.Domain.Governance;
using Flywheel.Grains.Replicas;
using Flywheel.Silo.Api.Access;
using Flywheel.Silo.Api.Description;
using Flywheel.Silo.Metrics;
using ClusterMember = Flywheel.Silo.Hosting.ClusterMember;

namespace Flywheel.Silo.Api.Campaigns;

/// <summary><c>/v1/campaigns</c>: create or replace, read, pause, delete, list.</summary>
internal static class CampaignEndpoints
{
    private const int MaxBody = 16 * 1024 * 1024;

    public static void MapCampaigns(this IEndpointRouteBuilder app)
    {
        var campaigns = app.MapGroup("/v1/campaigns").WithTags("Campaigns");
        campaigns.MapGet("", List).WithSummary("All campaigns").Produces<CampaignList>();
        campaigns.MapGet("{id}", Get).WithSummary("The campaign in force; its revision is the ETag").Produces<Client.Campaign>().ProducesProblem(404);
        campaigns.MapPut("{id}", PutAsync).WithSummary("Create or replace").Takes<Client.Campaign>().Produces<Client.Campaign>().Produces<Client.Campaign>(201).ProducesProblem(400).ProducesProblem(422).WithMetadata(new CountedAnswers(Count));
        campaigns.MapPatch("{id}", PatchAsync).WithSummary("Pause or resume: {\"status\":\"paused\"}").Takes<StatusChange>().Produces<Client.Campaign>().ProducesProblem(400).ProducesProblem(404);
        campaigns.MapDelete("{id}", DeleteAsync).WithSummary("Delete with all that was counted").Produces(204).ProducesProblem(404);
    }

    /// <summary>Why one cannot be stored is counted where that is found out.</summary>
    private static void Count(HttpContext context, int status)
    {
        if (CountedAnswers.IsBadInput(status) && status != StatusCodes.Status422UnprocessableEntity)
            context.RequestServices.GetRequiredService<DocumentMetrics>().Invalid();
    }

    private static IResult List(HttpContext context, CampaignReplica replica) => Results.Ok(new CampaignList(
        [.. replica.Campaigns.Where(campaign => campaign.IsOf(context.Tenant())).OrderBy(campaign => campaign.Published.Id, StringComparer.Ordinal).Select(campaign => new CampaignListing(
            campaign.Published.LocalId,
            campaign.Published.Campaign.Name ?? campaign.Published.LocalId,
            StatusOf(campaign.Published),
            campaign.Published.Campaign.Simulation ? true : null))]));

    private static IResult Get(string id, HttpContext context, CampaignReplica replica) =>
        replica.Find(id) is { } campaign ? Document(context, campaign.Published, StatusCodes.Status200OK) : Problem.NotFound(id);

    private static async Task<IResult> PutAsync(string id, HttpContext context, IGrainFactory grains, CampaignReplica replica, ClusterMember member, CancellationToken cancellationToken)
    {
        using var body = await RequestBody.ReadAsync(context.Request, MaxBody, cancellationToken);
        if (CampaignReader.Read(CampaignKeys.IdOf(id), body.Memory, out var errors) is not { } campaign)
            return Problem.BadRequest(errors);
        if (NewDocument.Check(campaign) is { Count: > 0 } wrong)
            return Problem.BadRequest(wrong);
        var outcome = await grains.GetGrain<ICampaignGrain>(id).PublishAsync(new CampaignMessage(campaign), CancellationToken.None);
        if (outcome.Current is not { } current)
            return Problem.Unprocessable(outcome.Refused!);
        if (!await IsServedHereAsync(current.Published, replica, member))
            return Problem.NotServedYet(context, id);
        if (outcome.Created)
            context.Response.Headers.Location = $"/v1/campaigns/{CampaignKeys.IdOf(id)}";
        return Document(context, current.Published, outcome.Created ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }

    private static async Task<IResult> PatchAsync(string id, HttpContext context, IGrainFactory grains, CampaignReplica replica, ClusterMember member, CancellationToken cancellationToken)
    {
        using var body = await RequestBody.ReadAsync(context.Request, MaxBody, cancellationToken);
        if (ReadStatus(body.Memory, out var error) is not { } status)
            return Problem.BadRequest(error!);
        if (replica.Find(id) is null)
            return Problem.NotFound(id);
        if (await grains.GetGrain<ICampaignGrain>(id).SetStatusAsync(status, CancellationToken.None) is not { } current)
            return Problem.NotFound(id);
        return await IsServedHereAsync(current.Published, replica, member) ? Document(context, current.Published, StatusCodes.Status200OK) : Problem.NotServedYet(context, id);
    }

    /// <summary>
    /// Whether this silo serves the campaign as it was just taken, or what came after it. The campaign's owner waits only so long for each silo:
    /// one that it did not reach asks.
    /// </summary>
    private static async Task<bool> IsServedHereAsync(PublishedCampaign published, CampaignReplica replica, ClusterMember member)
    {
        var isServed = replica.Find(published.Id)?.Published is { } served
            && (served.Incarnation, served.Revision).CompareTo((published.Incarnation, published.Revision)) >= 0;
        return isServed || (await member.LookForAsync([published.Id], CancellationToken.None)).Count == 0;
    }

    private static async Task<IResult> DeleteAsync(string id, IGrainFactory grains)
    {
        var existed = await grains.GetGrain<ICampaignGrain>(id).DeleteAsync(CancellationToken.None);
        return existed ? Results.NoContent() : Problem.NotFound(id);
    }

    private static CampaignStatus? ReadStatus(ReadOnlyMemory<byte> json, out FieldError? error)
    {
        error = null;
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            if (root.ValueKind == JsonValueKind.Object && root.EnumerateObject().Count() == 1 && root.TryGetProperty("status", out var status))
            {
                foreach (var value in Enum.GetValues<CampaignStatus>())
                {
                    if (status.ValueKind == JsonValueKind.String && status.ValueEquals(NameOf(value)))
                        return value;
                }
            }
            error = new FieldError("status", Problem.Shorten(root.GetRawText()), "{\"status\":\"live\"} or {\"status\":\"paused\"}");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            error = new FieldError("", $"malformed JSON ({JsonText.FaultOf(e)})", "{\"status\":\"live\"} or {\"status\":\"paused\"}");
        }
        return null;
    }

    private static IResult Document(HttpContext context, PublishedCampaign published, int status)
    {
        context.Response.Headers.ETag = string.Create(CultureInfo.InvariantCulture, $"\"{published.Incarnation}-{published.Revision}\"");
        return Results.Text(CampaignWriter.Write(published.LocalId, published.Campaign), "application/json; charset=utf-8", status);
    }

    private static string StatusOf(PublishedCampaign published) => NameOf(published.Campaign.Status);

    private static string NameOf(CampaignStatus status) => status.ToString().ToLowerInvariant();
}
