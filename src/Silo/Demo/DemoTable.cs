using System.Globalization;
using Flywheel.Client;
using Flywheel.Domain.Experiments;
using Spectre.Console;

namespace Flywheel.Silo.Demo;

/// <summary>Shows the demo's score stream: a live table in a terminal, a plain line every five seconds elsewhere.</summary>
internal sealed partial class DemoTable(HeadlineTest test, ILogger logger)
{
    private const long LineEveryMs = 5_000;
    private const int BarWidth = 20;

    /// <summary>True where output goes to a terminal that can redraw.</summary>
    public static bool FitsTerminal => !Console.IsOutputRedirected && AnsiConsole.Profile.Capabilities.Ansi;

    public async Task WatchAsync(FlywheelClient client, CancellationToken cancellationToken)
    {
        try
        {
            if (FitsTerminal)
                await AnsiConsole.Live(new Text("Waiting for the first scores…")).StartAsync(live => DrawAsync(client, live, cancellationToken));
            else
                await LogAsync(client, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The demo ends.
        }
    }

    private async Task DrawAsync(FlywheelClient client, LiveDisplayContext live, CancellationToken cancellationToken)
    {
        await foreach (var scores in client.StreamScoresAsync(DemoService.Campaign, cancellationToken: cancellationToken))
        {
            live.UpdateTarget(Render(scores));
            live.Refresh();
        }
    }

    private async Task LogAsync(FlywheelClient client, CancellationToken cancellationToken)
    {
        var last = 0L;
        await foreach (var scores in client.StreamScoresAsync(DemoService.Campaign, cancellationToken: cancellationToken))
        {
            var at = scores.AsOf.ToUnixTimeMilliseconds();
            if (at - last < LineEveryMs)
                continue;
            last = at;
            var modules = string.Join("  ", ModulesOf(scores).Select(module =>
                string.Create(CultureInfo.InvariantCulture, $"{module.Id} {module.Share:P0} of traffic, resonance {module.Resonance!.Mean:F0} [{module.Resonance.Low:F0}-{module.Resonance.High:F0}]")));
            LogScores(scores.Segments[0].Impressions, modules, LiftText(scores), LedgerText(scores.Ledger));
        }
    }

    private Table Render(Scores scores)
    {
        var table = new Table().Border(TableBorder.Rounded).Title("[bold]Flywheel demo[/] [black on yellow] SIMULATED AUDIENCE [/]");
        table.AddColumns("Headline", "Traffic", "Impressions", "Clicks", "Rate", "Resonance (95 %)", "P(best)");
        foreach (var module in ModulesOf(scores))
        {
            var bar = new string('█', (int)Math.Round(module.Share * BarWidth)).PadRight(BarWidth, '·');
            table.AddRow(
                Markup.Escape(TextOf(module)),
                string.Create(CultureInfo.InvariantCulture, $"{bar} {module.Share,6:P1}"),
                module.Impressions.ToString("N0", CultureInfo.InvariantCulture),
                module.Reward.ToString("N0", CultureInfo.InvariantCulture),
                module.Rate!.Mean.ToString("P2", CultureInfo.InvariantCulture),
                string.Create(CultureInfo.InvariantCulture, $"{module.Resonance!.Mean:F0} [[{module.Resonance.Low:F0}-{module.Resonance.High:F0}]]"),
                module.ProbabilityBest.ToString("P0", CultureInfo.InvariantCulture));
        }
        table.Caption(Markup.Escape($"lift over the uniform policy: {LiftText(scores)}\nledger: {LedgerText(scores.Ledger)}"));
        return table;
    }

    private string TextOf(ModuleScores module)
    {
        if (!int.TryParse(module.Id.AsSpan(1), CultureInfo.InvariantCulture, out var number) || number > test.Headlines.Count)
            return $"{module.Id} (new)";
        var text = test.Headlines[number - 1].Text;
        return text.Length <= 70 ? text : text[..69] + "…";
    }

    private static IEnumerable<ModuleScores> ModulesOf(Scores scores) =>
        scores.Segments[0].Slots[0].Modules.OrderByDescending(module => module.Share);

    /// <summary>Learned against the control group, which is served uniformly all the while.</summary>
    private static string LiftText(Scores scores)
    {
        var segment = scores.Segments[0];
        return LiftSequence.AtEveryLook(RewardsOf(segment.Learned), RewardsOf(segment.Control)) is { High: < LiftSequence.MaxLift } lift
            ? string.Create(CultureInfo.InvariantCulture, $"{lift.Mean:+0%;-0%} [{lift.Low:+0%;-0%} to {lift.High:+0%;-0%}], measured against the control group")
            : "not enough clicks yet";
    }

    private static GroupRewards RewardsOf(GroupTotals? group) =>
        group is null ? default : new GroupRewards(group.Impressions, (double)group.Reward, (double)group.Reward);

    private static string LedgerText(Ledger ledger) => string.Create(CultureInfo.InvariantCulture,
        $"{ledger.Accepted:N0} accepted = {ledger.Counted:N0} counted + {ledger.Duplicate:N0} duplicate + {ledger.Late:N0} late + {ledger.Quarantined:N0} quarantined");

    [LoggerMessage(Level = LogLevel.Information, Message = "[simulation] {Impressions} impressions | {Modules} | lift over uniform {Lift} | {Ledger}")]
    private partial void LogScores(long impressions, string modules, string lift, string ledger);
}
