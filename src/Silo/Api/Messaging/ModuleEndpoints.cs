using System.Text.Json.Nodes;
using Flywheel.Abstractions.Campaigns;
using Flywheel.Decisions;
using Flywheel.Domain.Governance;
using Flywheel.Grains.Replicas;

namespace Flywheel.Silo.Api.Messaging;

/// <summary><c>/v1/campaigns/{id}/slots/{slot}/modules/{module}</c>: take a module out of service and put it back, or serve it alone; and how all of them stand.</summary>
internal static class ModuleEndpoints
{
    public static void MapModules(this IEndpointRouteBuilder app)
    {
        var modules = app.MapGroup("/v1/campaigns/{id}/slots/{slot}/modules/{module}").WithTags("Messaging");
        modules.MapPost("stop", StopAsync).WithSummary("Take it out of service everywhere, whatever document is put later").Produces<ModuleStanding>().ProducesProblem(404).ProducesProblem(409);
        modules.MapPost("pin", PinAsync).WithSummary("Have what is learnt serve it alone in its slot; the control group goes on as before").Produces<ModuleStanding>().ProducesProblem(404).ProducesProblem(409);
        modules.MapPost("unpin", UnpinAsync).WithSummary("Let its slot be learnt again").Produces<ModuleStanding>().ProducesProblem(404).ProducesProblem(409);
        app.MapGet("/v1/campaigns/{id}/modules", List).WithTags("Messaging").WithSummary("Every module with its standing: serving, on trial, pinned or stopped").Produces<ModuleList>().ProducesProblem(404);
        modules.MapPost("resume", ResumeAsync).WithSummary("Put a stopped module back into service").Produces<ModuleStanding>().ProducesProblem(404).ProducesProblem(409);
    }

    private static IResult List(string id, CampaignReplica replica)
    {
        if (replica.Find(id) is not { Published: { } published } campaign)
            return Problem.NotFound(id);
        var eligibility = published.Eligibility ?? Eligibility.All;
        var serving = published.Campaign.Slots.SelectMany((slot, s) => slot.Modules.Select((module, m) => ShownOf(slot.Id, module) with
        {
            State = "serving",
            Version = published.Versions[s][m],
            Pinned = eligibility.PinnedOf(slot.Id) == module.Id,
            TrialShare = eligibility.TrialShareOf(slot.Id, module.Id) is < 1 and var share ? Math.Max(share, ControlPart.Of(published.Campaign, slot)) : null,
        }));
        var stopped = eligibility.Stopped.Select(module => ShownOf(module.Slot, module.Module));
        return Results.Ok(new ModuleList(published.LocalId, published.Revision, [.. serving, .. stopped]));
    }

    private static ModuleShown ShownOf(string slot, Domain.Campaigns.Module module) =>
        new(slot, module.Id, "stopped", false, JsonNode.Parse(module.Content.Json)!.AsObject(), module.Attributes);

    private static Task<IResult> PinAsync(string id, string slot, string module, IGrainFactory grains) =>
        AmendAsync(id, new Amendment(AmendmentKind.Pin, slot, module), grains);

    private static Task<IResult> UnpinAsync(string id, string slot, string module, IGrainFactory grains) =>
        AmendAsync(id, new Amendment(AmendmentKind.Unpin, slot, module), grains);

    private static Task<IResult> StopAsync(string id, string slot, string module, IGrainFactory grains) =>
        AmendAsync(id, new Amendment(AmendmentKind.Stop, slot, module), grains);

    private static Task<IResult> ResumeAsync(string id, string slot, string module, IGrainFactory grains) =>
        AmendAsync(id, new Amendment(AmendmentKind.Resume, slot, module), grains);

    private static async Task<IResult> AmendAsync(string id, Amendment amendment, IGrainFactory grains)
    {
        var outcome = await grains.GetGrain<ICampaignGrain>(id).AmendAsync(new AmendmentMessage(amendment), CancellationToken.None);
        if (outcome.Refused is { } refused)
            return outcome.IsMissing ? Problem.Missing("No such module.", refused) : Problem.Conflict(refused);
        var state = amendment.Kind switch
        {
            AmendmentKind.Stop => "stopped",
            AmendmentKind.Pin => "pinned",
            _ => "serving",
        };
        return outcome.Current is null ? Problem.NotFound(id) : Results.Ok(new ModuleStanding(CampaignKeys.IdOf(id), amendment.Slot, amendment.Id, state));
    }
}
