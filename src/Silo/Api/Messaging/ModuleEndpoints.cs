using Flywheel.Abstractions.Campaigns;
using Flywheel.Decisions;
using Flywheel.Domain.Governance;

namespace Flywheel.Silo.Api.Messaging;

/// <summary><c>/v1/campaigns/{id}/slots/{slot}/modules/{module}</c>: take a module out of service, and put it back.</summary>
internal static class ModuleEndpoints
{
    public static void MapModules(this IEndpointRouteBuilder app)
    {
        var modules = app.MapGroup("/v1/campaigns/{id}/slots/{slot}/modules/{module}").WithTags("Messaging");
        modules.MapPost("stop", StopAsync).WithSummary("Take it out of service everywhere, whatever document is put later").Produces<ModuleStanding>().ProducesProblem(404).ProducesProblem(409);
        modules.MapPost("resume", ResumeAsync).WithSummary("Put a stopped module back into service").Produces<ModuleStanding>().ProducesProblem(404).ProducesProblem(409);
    }

    private static Task<IResult> StopAsync(string id, string slot, string module, IGrainFactory grains) =>
        AmendAsync(id, new Amendment(AmendmentKind.Stop, slot, module), grains);

    private static Task<IResult> ResumeAsync(string id, string slot, string module, IGrainFactory grains) =>
        AmendAsync(id, new Amendment(AmendmentKind.Resume, slot, module), grains);

    private static async Task<IResult> AmendAsync(string id, Amendment amendment, IGrainFactory grains)
    {
        if (!Ids.IsValid(id))
            return Problem.NotFound(id);
        var outcome = await grains.GetGrain<ICampaignGrain>(id).AmendAsync(new AmendmentMessage(amendment), CancellationToken.None);
        if (outcome.Refused is { } refused)
            return outcome.IsMissing ? Problem.Missing("No such module.", refused) : Problem.Conflict(refused);
        return outcome.Current is null ? Problem.NotFound(id) : Results.Ok(new ModuleStanding(id, amendment.Slot, amendment.Id, amendment.Kind == AmendmentKind.Stop ? "stopped" : "serving"));
    }
}
