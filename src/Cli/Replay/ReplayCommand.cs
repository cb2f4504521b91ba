using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Flywheel.Cli.Engines;
using Flywheel.Cli.Terminals;
using Flywheel.Client;
using Spectre.Console;

namespace Flywheel.Cli.Replay;

/// <summary><c>flywheel replay LOG.csv --campaign ID</c>: what another system served and earned, into a campaign's observed counts.</summary>
internal static class ReplayCommand
{
    private const int MostPerSecond = 10_000_000;

    public static Command Create()
    {
        var log = new Argument<FileInfo>("log") { Description = "What was shown: context,action,propensity,reward, as campaign logs and evaluate have it. The action names a module a slot, joined by |; channel and id may be there." };
        var campaign = new Option<string>("--campaign") { Description = "Where it goes.", Required = true };
        var segment = new Option<string?>("--segment") { Description = "The segment of all rows; each row's context where left out, or default where that is empty." };
        var channel = new Option<string?>("--channel") { Description = "The channel of all rows; each row's where left out." };
        var type = new Option<string?>("--type") { Description = "The signal that says a reward; the only one that the campaign rewards, or click, where left out." };
        var rate = new Option<int?>("--rate") { Description = "The most signals a second; as many as the engine takes where left out." };
        var from = new Option<long>("--from-row") { Description = "Go on from this row, from 1, as a replay that was broken off says.", DefaultValueFactory = _ => 1 };
        var command = new Command("replay", "Send a log to a campaign, as observed: it shows in the scores and is not learnt from. What is sent twice within the attribution window counts once.")
        {
            log, campaign, segment, channel, type, rate, from, EngineAddress.Url, EngineAddress.Key,
        };
        Verb.Run(command, async (parsed, cancellationToken) =>
        {
            Bounds.Check(rate.Name, parsed.GetValue(rate), 1, MostPerSecond);
            Bounds.Check(from.Name, parsed.GetValue(from), 1, long.MaxValue);
            await using var engine = EngineAddress.OpenClient(parsed);
            var id = EngineAddress.Checked(parsed.GetRequiredValue(campaign));
            var document = await engine.Api.GetCampaignAsync(id, cancellationToken) ?? throw new EngineRefusal($"there is no campaign {id}", ExitCodes.Refused);
            var reward = ReplayReward.Of(document, parsed.GetValue(type));
            var file = parsed.GetRequiredValue(log);
            ReplayLog Open() => new(file.FullName, document with { Id = id }, reward, parsed.GetValue(segment), parsed.GetValue(channel));
            var rows = await Verb.AtOnceAsync(() => Check(file, Open), cancellationToken);
            Bounds.Check(from.Name, parsed.GetValue(from), 1, Math.Max(rows, 1));
            var before = (await engine.Api.GetScoresAsync(id, cancellationToken)).Ledger;
            var run = new ReplayRun(engine.Api, id, parsed.GetValue(rate));
            return await RunAsync(run, Open, rows, parsed.GetValue(from), before, Output.IsJson(parsed), cancellationToken);
        });
        return command;
    }

    /// <summary>Reads all of it before the first row is sent.</summary>
    /// <returns>How many rows it has.</returns>
    private static long Check(FileInfo file, Func<ReplayLog> open)
    {
        if (!file.Exists)
            throw new InvalidDataException($"{file}: came nothing, or a pipe; expected a file, which is read twice: once to check it, once to send it");
        try
        {
            using var log = open();
            while (log.Read())
            {
            }
            return log.Row;
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"{file}, {e.Message}; nothing was sent", e);
        }
    }

    private static async Task<int> RunAsync(ReplayRun run, Func<ReplayLog> open, long rows, long from, Ledger before, bool asJson, CancellationToken cancellationToken)
    {
        var (started, code) = (Stopwatch.GetTimestamp(), ExitCodes.Done);
        try
        {
            await Bar.RunAsync("replay", rows, async report =>
            {
                using var log = open();
                await run.SendAsync(log, from, report, cancellationToken);
                return true;
            });
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            code = ExitCodes.Interrupted;
        }
        catch (FlywheelException e)
        {
            code = Verb.CodeOf(e);
            Terminal.Fail(EngineRefusal.Sentence(e));
        }
        // What was sent before it was broken off is told as well, in the little time that there is.
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(code == ExitCodes.Done ? 60 : 1.5));
        var report = await ReportAsync(run, before, rows, from, Stopwatch.GetElapsedTime(started).TotalSeconds, patience.Token);
        if (asJson)
            Output.Write(report);
        else
            Print(report);
        if (report.NextRow is { } next)
            Terminal.Fail($"broken off before row {next} of {rows}; --from-row {next} goes on from there");
        return code != ExitCodes.Done || report.Rejected == 0 ? code : ExitCodes.Partly;
    }

    private static async Task<ReplayReport> ReportAsync(ReplayRun run, Ledger before, long rows, long from, double seconds, CancellationToken cancellationToken)
    {
        var report = await run.ReportAsync(before, rows, seconds, cancellationToken);
        return report.NextRow is { } next ? report with { NextRow = Math.Max(next, from) } : report;
    }

    private static void Print(ReplayReport report)
    {
        var table = new Table().AddColumns("Rows", "Sent", "Accepted", "Duplicates", "Late", "Quarantined", "Rejected");
        table.AddRow([.. ((long?[])[report.Rows, report.Sent, report.Accepted, report.Duplicate, report.Late, report.Quarantined, report.Rejected]).Select(count => count?.ToString("N0", CultureInfo.InvariantCulture) ?? "not known yet")]);
        Terminal.Out.Write(table);
        Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"signals to {report.Campaign}, as observed, in {report.Seconds:F1} s"));
        foreach (var rejection in report.Rejections)
            Output.WriteLine($"line {rejection.Line}: {rejection.Error}");
        if (report.Rejected > report.Rejections.Count)
            Output.WriteLine($"and {report.Rejected - report.Rejections.Count} more");
    }
}
