using System.Globalization;
using Flywheel.Cli.Terminals;
using Flywheel.Client;
using Spectre.Console;

namespace Flywheel.Cli.Proposals;

/// <summary>Prints proposals. What agents wrote is shown as text, whatever it holds.</summary>
internal static class ProposalPage
{
    private const string Text = "text";

    public static void Print(IReadOnlyList<Proposal> proposals)
    {
        var table = new Table().AddColumns("Id", "Revision", "Slot", "Status", "Writer", "Proposed", "Content", "Reason");
        foreach (var proposal in proposals)
        {
            table.AddRow(
                Terminal.Escape(proposal.Id), proposal.Revision.ToString(CultureInfo.InvariantCulture), Terminal.Escape(proposal.Slot), Terminal.Escape(proposal.Status), Terminal.Escape(proposal.Writer), Time(proposal.CreatedAt),
                Terminal.Escape(ContentOf(proposal)), Terminal.Escape(proposal.Reason));
        }
        Terminal.Out.Write(table);
    }

    public static void Print(Proposal proposal, IAnsiConsole console)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn();
        Add("proposal", $"{proposal.Id}, revision {proposal.Revision}, {proposal.Status}");
        Add("for", $"{proposal.Campaign}, {proposal.Slot}{(proposal.Segment is { } segment ? $", {segment}" : "")}{(proposal.Replaces is { } replaces ? $", in the place of {replaces}" : "")}");
        Add("writer", $"{proposal.Writer}, {Time(proposal.CreatedAt)}");
        foreach (var (name, value) in proposal.Module.Content)
            Add(name, value);
        foreach (var (name, value) in proposal.Module.Attributes ?? new Dictionary<string, string>())
            Add(name, value);
        Add("reason", proposal.Reason);
        Add("hypothesis", proposal.Hypothesis);
        foreach (var (name, value) in proposal.Evidence)
            Add(name, value.ToString("0.####", CultureInfo.InvariantCulture));
        foreach (var finding in proposal.Findings)
            Add(finding.Severity, $"{finding.Rule}: {finding.Text}");
        if (proposal.DecidedAt is { } decided)
            Add("decided", $"by {proposal.DecidedBy}, {Time(decided)}{(proposal.Comment is { } comment ? $": {comment}" : "")}");
        if (proposal.Share is { } share)
            Add("on trial", $"version {proposal.Version}, at most {share.ToString("P1", CultureInfo.InvariantCulture)} of the traffic");
        if (proposal.Outcome is { } outcome)
            Add("outcome", $"{outcome.Kind}, {Time(outcome.At)} {outcome.Why}");
        console.Write(grid);

        void Add(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value))
                grid.AddRow($"[bold]{Terminal.Escape(name)}[/]", Terminal.Escape(value));
        }
    }

    private static string ContentOf(Proposal proposal) =>
        proposal.Module.Content.GetValueOrDefault(Text) ?? string.Join(", ", proposal.Module.Content.Select(each => $"{each.Key}: {each.Value}"));

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);
}
