using System.CommandLine;
using Flywheel.Cli.Engines;
using Flywheel.Cli.Terminals;
using Flywheel.Client;
using Spectre.Console;

namespace Flywheel.Cli.Proposals;

/// <summary><c>flywheel proposals</c>: what agents propose, and a person's word on it.</summary>
internal static class ProposalsCommand
{
    private const string Pending = "pending";

    private static readonly string[] Statuses = [Pending, "live", "rejected", "blocked", "retired", "rolledBack"];

    private static readonly Argument<string> Campaign = new("campaign") { Description = "The campaign." };
    private static readonly Argument<string> Id = new("proposal") { Description = "Its id, such as p-1, as list shows it." };
    private static readonly Option<string?> Comment = new("--comment") { Description = "What is to be said of it: at most 1,000 characters." };

    public static Command Create() => new("proposals", "List, read, approve, reject, revise and rewrite what agents propose.")
    {
        EngineAddress.Url, EngineAddress.Key, List(), Show(), Approve(),
        Decide("reject", "Refuse it.", (engine, campaign, id, comment, cancellationToken) => engine.RejectAsync(campaign, id, comment, cancellationToken)),
        Decide("revise", "Refuse it, and have the writer try again, with the comment.", (engine, campaign, id, comment, cancellationToken) => engine.ReviseAsync(campaign, id, comment, cancellationToken)),
        Edit(),
        Decide("undo", "Take a decision back: what went live is retired, what was refused waits again.", (engine, campaign, id, comment, cancellationToken) => engine.UndoAsync(campaign, id, comment, cancellationToken)),
    };

    private static Command List()
    {
        var status = new Option<string>("--status") { Description = $"{string.Join(", ", Statuses)}, or all.", DefaultValueFactory = _ => Pending };
        status.AcceptOnlyFromAmong([.. Statuses, "all"]);
        var command = new Command("list", "Those that wait for a person, oldest first.") { Campaign, status };
        Run(command, async (engine, campaign, parsed, cancellationToken) =>
        {
            var wanted = parsed.GetRequiredValue(status);
            var proposals = await engine.ListProposalsAsync(campaign, wanted == "all" ? null : wanted, cancellationToken);
            if (Output.IsJson(parsed))
                Output.Write(new { proposals });
            else if (proposals.Count == 0)
                Terminal.Note($"{campaign} has no proposals{(wanted == "all" ? "" : $" that are {wanted}")}{(wanted == Pending ? "; --status all shows the others" : "")}");
            else
                ProposalPage.Print(proposals);
        });
        return command;
    }

    private static Command Show()
    {
        var command = new Command("show", "One, with its reason, evidence and findings.") { Campaign, Id };
        Run(command, async (engine, campaign, parsed, cancellationToken) => Print(await FindAsync(engine, campaign, parsed, cancellationToken), parsed));
        return command;
    }

    private static Command Approve()
    {
        var revision = new Option<int?>("--revision") { Description = "The revision that you have read, as show says it: where it has been rewritten since, nothing goes live. Asked for on a terminal where left out." };
        var command = new Command("approve", "Let it go live, on trial.") { Campaign, Id, revision, Comment };
        Run(command, async (engine, campaign, parsed, cancellationToken) =>
        {
            var read = parsed.GetValue(revision) ?? await AskAsync(engine, campaign, parsed, cancellationToken);
            Print(await engine.ApproveAsync(campaign, parsed.GetRequiredValue(Id), read, parsed.GetValue(Comment), cancellationToken), parsed);
        });
        return command;
    }

    private static Command Edit()
    {
        var file = new Argument<string>("file") { Description = "The content, such as {\"text\":\"Run lighter\"}, or {\"content\":{…},\"attributes\":{…}}; - for standard input." };
        var command = new Command("edit", "Put your own version in its place; it waits for approval as before, with the next revision.") { Campaign, Id, file, Comment };
        Run(command, async (engine, campaign, parsed, cancellationToken) =>
        {
            var edit = await Verb.AtOnceAsync(() => ProposalFile.Read(parsed.GetRequiredValue(file)), cancellationToken) with { Comment = parsed.GetValue(Comment) };
            Print(await engine.EditAsync(campaign, parsed.GetRequiredValue(Id), edit, cancellationToken), parsed);
        });
        return command;
    }

    private static Command Decide(string name, string description, Func<FlywheelClient, string, string, string?, CancellationToken, Task<Proposal>> decide)
    {
        var command = new Command(name, description) { Campaign, Id, Comment };
        Run(command, async (engine, campaign, parsed, cancellationToken) =>
            Print(await decide(engine, campaign, parsed.GetRequiredValue(Id), parsed.GetValue(Comment), cancellationToken), parsed));
        return command;
    }

    /// <summary>Shows the proposal and asks; what goes live is what somebody has read.</summary>
    /// <returns>The revision that was shown.</returns>
    private static async Task<int> AskAsync(FlywheelClient engine, string campaign, ParseResult parsed, CancellationToken cancellationToken)
    {
        var proposal = await FindAsync(engine, campaign, parsed, cancellationToken);
        if (!Terminal.CanAsk)
            throw new InvalidDataException($"--revision: came nothing; expected the revision that you have read, now {proposal.Revision} (proposals show {campaign} {proposal.Id})");
        ProposalPage.Print(proposal, Terminal.Error);
        return await Terminal.Error.ConfirmAsync("Let this go live, on trial?", defaultValue: false, cancellationToken)
            ? proposal.Revision
            : throw new InvalidDataException("nothing was decided");
    }

    private static async Task<Proposal> FindAsync(FlywheelClient engine, string campaign, ParseResult parsed, CancellationToken cancellationToken)
    {
        var id = parsed.GetRequiredValue(Id);
        return (await engine.ListProposalsAsync(campaign, cancellationToken: cancellationToken)).FirstOrDefault(each => each.Id == id)
            ?? throw new EngineRefusal($"there is no proposal {id} in {campaign}", ExitCodes.Refused);
    }

    private static void Print(Proposal proposal, ParseResult parsed)
    {
        if (Output.IsJson(parsed))
            Output.Write(new { proposal });
        else
            ProposalPage.Print(proposal, Terminal.Out);
    }

    private static void Run(Command command, Func<FlywheelClient, string, ParseResult, CancellationToken, Task> action) => Verb.Run(command, async (parsed, cancellationToken) =>
    {
        await using var engine = EngineAddress.OpenClient(parsed);
        await action(engine.Api, EngineAddress.Checked(parsed.GetRequiredValue(Campaign)), parsed, cancellationToken);
        return ExitCodes.Done;
    });
}
