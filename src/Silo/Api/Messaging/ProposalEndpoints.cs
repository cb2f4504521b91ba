using System.Text.Json;
using Flywheel.Abstractions.Campaigns;
using Flywheel.Abstractions.Messaging;
using Flywheel.Client;
using Flywheel.Decisions;
using Flywheel.Domain.Campaigns;
using Flywheel.Domain.Governance.Proposals;
using Flywheel.Domain.Messaging.Triggers;
using Flywheel.Silo.Api.Description;

namespace Flywheel.Silo.Api.Messaging;

/// <summary><c>/v1/campaigns/{id}</c>: ask for new messaging, decide on what is proposed, and stop the agents.</summary>
internal static class ProposalEndpoints
{
    private const int MaxBody = 16 * 1024;

    public static void MapProposals(this IEndpointRouteBuilder app)
    {
        var campaign = app.MapGroup("/v1/campaigns/{id}").WithTags("Messaging");
        campaign.MapPost("slots/{slot}/refresh", RefreshAsync).WithSummary("Ask the agents for new messaging now").Produces<RefreshReceipt>(202).ProducesProblem(404).ProducesProblem(409).ProducesProblem(422);
        campaign.MapPost("slots/{slot}/proposals", OfferAsync).WithSummary("Propose a module in words of your own; it needs approval, whatever the mode")
            .Takes<ProposalEdit>().Produces<Client.Proposal>(201).ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).ProducesProblem(422);
        campaign.MapGet("proposals", ListAsync).WithSummary("Proposals, oldest first; status=pending and so on")
            .Asks("status", "Those alone", "pending", "live", "rejected", "blocked", "retired", "rolledBack").Produces<ProposalList>().ProducesProblem(400).ProducesProblem(404);
        campaign.MapPost("proposals/{proposal}/approve", (string id, string proposal, HttpContext context, IGrainFactory grains) => DecideAsync(id, proposal, context, grains, true,
                (grain, pid, body) => grain.ApproveAsync(pid, body.Revision, body.Comment, CancellationToken.None)))
            .WithSummary("Let it go live, on trial; with a revision only where it still says what that one said")
            .Takes<Approval>(required: false).Produces<Client.Proposal>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
        Map("reject", "Refuse it", (grain, proposal, comment) => grain.RejectAsync(proposal, comment, CancellationToken.None));
        Map("revise", "Refuse it and ask the writer again, with the comment", (grain, proposal, comment) => grain.ReviseAsync(proposal, comment, CancellationToken.None)).ProducesProblem(422);
        Map("undo", "Take a decision back: what went live is retired, what was refused waits again", (grain, proposal, comment) => grain.UndoAsync(proposal, comment, CancellationToken.None));
        campaign.MapPost("proposals/{proposal}/edit", EditAsync).WithSummary("Rewrite a proposal that waits; it needs approval as before")
            .Takes<ProposalEdit>().Produces<Client.Proposal>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).ProducesProblem(422);
        campaign.MapPost("agents/stop", (string id, IGrainFactory grains) => SwitchAsync(id, true, grains)).WithSummary("Stop all agents of the campaign").Produces<AgentsStanding>().ProducesProblem(404);
        campaign.MapPost("agents/resume", (string id, IGrainFactory grains) => SwitchAsync(id, false, grains)).WithSummary("Let the agents work again").Produces<AgentsStanding>().ProducesProblem(404);

        RouteHandlerBuilder Map(string verb, string summary, Func<IMessagingGrain, string, string?, Task<MessagingOutcome>> decide) =>
            campaign.MapPost($"proposals/{{proposal}}/{verb}", (string id, string proposal, HttpContext context, IGrainFactory grains) =>
                    DecideAsync(id, proposal, context, grains, false, (grain, pid, body) => decide(grain, pid, body.Comment)))
                .WithSummary(summary).Takes<DecisionComment>(required: false).Produces<Client.Proposal>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
    }

    private static async Task<IResult> RefreshAsync(string id, string slot, IGrainFactory grains)
    {
        var outcome = await grains.GetGrain<IMessagingGrain>(id).RequestAsync(new RequestMessage(Trigger.Asked(slot), Lifecycle.Person), CancellationToken.None);
        return Refuse(id, outcome, "No such slot.") ?? Results.Json(new RefreshReceipt(outcome.Request!), statusCode: StatusCodes.Status202Accepted);
    }

    private static async Task<IResult> OfferAsync(string id, string slot, HttpContext context, IGrainFactory grains)
    {
        using var body = await RequestBody.ReadAsync(context.Request, MaxBody, context.RequestAborted);
        var (outcome, errors) = await OfferIntake.TakeAsync(grains, id, slot, body.Memory, ProposalWriter.Person, context.RequestAborted);
        if (outcome is null)
            return errors is [{ Field: "" }] ? Problem.BadRequest(errors) : Problem.Unprocessable(errors);
        return Refuse(id, outcome, "No such slot.")
            ?? Results.Text(MessagingWriter.ToJson(json => MessagingWriter.Write(json, CampaignKeys.IdOf(id), outcome.Proposal!, null)), "application/json; charset=utf-8", StatusCodes.Status201Created);
    }

    private static async Task<IResult> ListAsync(string id, string? status, IGrainFactory grains, CancellationToken cancellationToken)
    {
        ProposalStatus? wanted = status is { Length: > 0 } ? Enum.GetValues<ProposalStatus>().Select(value => (ProposalStatus?)value).FirstOrDefault(value => MessagingWriter.NameOf(value!.Value) == status) : null;
        if (status is { Length: > 0 } && wanted is null)
            return Problem.BadRequest(new FieldError("status", $"\"{Problem.Shorten(status)}\"", $"one of {string.Join(", ", Enum.GetValues<ProposalStatus>().Select(MessagingWriter.NameOf))}"));
        if (await grains.GetGrain<IMessagingGrain>(id).ListAsync(cancellationToken) is not { } found)
            return Problem.NotFound(id);
        return Json(json => MessagingWriter.Write(json, CampaignKeys.IdOf(id), found.Proposals.Where(proposal => wanted is null || proposal.Status == wanted)));
    }

    private static async Task<IResult> DecideAsync(
        string id, string proposal, HttpContext context, IGrainFactory grains, bool takesRevision, Func<IMessagingGrain, string, Approval, Task<MessagingOutcome>> decide)
    {
        using var body = await RequestBody.ReadAsync(context.Request, MaxBody, context.RequestAborted);
        if (DecisionReader.Read(body.Memory, takesRevision, out var error) is not { } decision)
            return Problem.BadRequest(error!);
        var outcome = await decide(grains.GetGrain<IMessagingGrain>(id), proposal, decision);
        return Refuse(id, outcome, "No such proposal.") ?? Json(json => MessagingWriter.Write(json, CampaignKeys.IdOf(id), outcome.Proposal!, outcome.Request));
    }

    private static async Task<IResult> EditAsync(string id, string proposal, HttpContext context, IGrainFactory grains)
    {
        using var body = await RequestBody.ReadAsync(context.Request, MaxBody, context.RequestAborted);
        var grain = grains.GetGrain<IMessagingGrain>(id);
        if (await grain.ListAsync(context.RequestAborted) is not { } found
            || await grains.GetGrain<ICampaignGrain>(id).DescribeAsync(context.RequestAborted) is not { Published: { } published })
            return Problem.NotFound(id);
        if (found.Proposals.FirstOrDefault(each => each.Id == proposal) is not { } known)
            return Problem.Missing("No such proposal.", $"there is no proposal {Problem.Shorten(proposal)}");
        // What the slot asks of content; a slot that is gone asks nothing, and the grain says so.
        var slot = published.Campaign.Slots.FirstOrDefault(each => each.Id == known.Slot) ?? new Domain.Campaigns.Slot { Id = known.Slot, Modules = [] };
        if (!ModuleEditReader.TryRead(body.Memory, slot, DecisionReader.MaxComment, out var edit, out var errors))
            return errors is [{ Field: "" }] ? Problem.BadRequest(errors) : Problem.Unprocessable(errors);
        var outcome = await grain.EditAsync(new EditMessage(proposal, edit!.Content, edit.Attributes, edit.Comment), CancellationToken.None);
        return Refuse(id, outcome, "No such proposal.") ?? Json(json => MessagingWriter.Write(json, CampaignKeys.IdOf(id), outcome.Proposal!, outcome.Request));
    }

    private static async Task<IResult> SwitchAsync(string id, bool stopped, IGrainFactory grains)
    {
        var outcome = await grains.GetGrain<IMessagingGrain>(id).SwitchAsync(stopped, CancellationToken.None);
        return Refuse(id, outcome, "") ?? Results.Ok(new AgentsStanding(CampaignKeys.IdOf(id), stopped ? "stopped" : "working"));
    }

    private static IResult? Refuse(string id, MessagingOutcome outcome, string missing) => outcome switch
    {
        { IsUnknown: true } => Problem.NotFound(id),
        { Refusal: { IsMissing: true } refusal } => Problem.Missing(missing, refusal.Text),
        { Refusal.Error: { } error } => Problem.Unprocessable([error]),
        { Refusal: { } refusal } => Problem.Conflict(refusal.Text),
        _ => null,
    };

    private static IResult Json(Action<Utf8JsonWriter> write) => Results.Bytes(MessagingWriter.ToJson(write), "application/json; charset=utf-8");
}
