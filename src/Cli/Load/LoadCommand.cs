using System.CommandLine;
using System.Globalization;
using Flywheel.Cli.Engines;
using Flywheel.Cli.Terminals;
using Flywheel.Client;
using Spectre.Console;

namespace Flywheel.Cli.Load;

/// <summary><c>flywheel load --url … --seconds 30</c>: what an engine, or each silo of a cluster, takes.</summary>
internal static class LoadCommand
{
    private const string OwnCampaign = "flywheel-load";
    private const int MostSeconds = 86_400;
    private const int MostConnections = 1_000;
    private const int MostPerSecond = 1_000_000;

    public static Command Create()
    {
        var urls = new Option<string[]>("--url") { Description = "An engine; several for a cluster, each by itself in the report.", DefaultValueFactory = _ => [EngineAddress.Default], AllowMultipleArgumentsPerToken = true };
        var seconds = new Option<int>("--seconds") { Description = "How long decisions are asked for.", DefaultValueFactory = _ => 30 };
        var rate = new Option<int?>("--rate") { Description = "Decisions a second, of all engines together, each timed from when it was due; as many as they take where left out." };
        var connections = new Option<int>("--connections") { Description = "Decisions under way at a time, of all engines together.", DefaultValueFactory = _ => 16 };
        var campaign = new Option<string?>("--campaign") { Description = $"An own campaign, left as it is; {OwnCampaign}, made and deleted, where left out." };
        var yes = new Option<bool>("--yes") { Description = "Say that you mean a campaign whose audience is not simulated." };
        var command = new Command("load", "Ask for decisions, and say what a made-up audience does with them: how many a second, how long they take, what fails.")
        {
            urls, seconds, rate, connections, campaign, yes, EngineAddress.Key,
        };
        Verb.Run(command, async (parsed, cancellationToken) =>
        {
            var engines = parsed.GetRequiredValue(urls).Select(EngineAddress.Parse).Distinct().ToList();
            Bounds.Check(seconds.Name, parsed.GetValue(seconds), 1, MostSeconds);
            Bounds.Check(connections.Name, parsed.GetValue(connections), engines.Count, MostConnections);
            Bounds.Check(rate.Name, parsed.GetValue(rate), 1, MostPerSecond);
            await using var first = new EngineClient(engines[0], EngineAddress.KeyOf(parsed));
            var time = TimeSpan.FromSeconds(parsed.GetValue(seconds));
            LoadRun Run(Campaign document) => new(engines, EngineAddress.KeyOf(parsed), document, parsed.GetValue(connections), parsed.GetValue(rate), time);
            var report = parsed.GetValue(campaign) is { } own
                ? await RunAsync(Run(await ExistingAsync(first.Api, EngineAddress.Checked(own), parsed.GetValue(yes), cancellationToken)), time, cancellationToken)
                : await WithOwnCampaignAsync(first.Api, document => RunAsync(Run(document), time, cancellationToken), cancellationToken);
            if (Output.IsJson(parsed))
                Output.Write(report);
            else
                Print(report);
            return cancellationToken.IsCancellationRequested ? ExitCodes.Interrupted : CodeOf(report);
        });
        return command;
    }

    private static Task<LoadReport> RunAsync(LoadRun run, TimeSpan time, CancellationToken cancellationToken) =>
        Bar.RunAsync("load", time.TotalSeconds, report => run.RunAsync(report, cancellationToken));

    /// <summary>What a made-up audience does must not be learnt from as if it were people.</summary>
    private static async Task<Campaign> ExistingAsync(FlywheelClient engine, string id, bool isMeant, CancellationToken cancellationToken)
    {
        var found = await engine.GetCampaignAsync(id, cancellationToken) ?? throw new EngineRefusal($"there is no campaign {id}", ExitCodes.Refused);
        return found.Simulation == true || isMeant
            ? found with { Id = id }
            : throw new InvalidDataException($"--campaign: {id} has real people, and what is made up here would count as theirs; say so with --yes, or take a campaign with \"simulation\":true");
    }

    private static async Task<LoadReport> WithOwnCampaignAsync(FlywheelClient engine, Func<Campaign, Task<LoadReport>> run, CancellationToken cancellationToken)
    {
        if (await engine.GetCampaignAsync(OwnCampaign, cancellationToken) is { Simulation: not true })
            throw new InvalidDataException($"there is a campaign {OwnCampaign} that is no simulation; name one with --campaign");
        var document = CampaignShape.Usual.ToCampaign(OwnCampaign) with { Simulation = true, Name = "Load" };
        await engine.PutCampaignAsync(OwnCampaign, document, cancellationToken);
        try
        {
            return await run(document with { Id = OwnCampaign });
        }
        finally
        {
            await engine.DeleteCampaignAsync(OwnCampaign, CancellationToken.None);
        }
    }

    private static int CodeOf(LoadReport report) => report switch
    {
        { Failures.Count: > 0 } or { Missed: > 0 } or { Total.SignalsLost: > 0 } => ExitCodes.Partly,
        _ => ExitCodes.Done,
    };

    private static void Print(LoadReport report)
    {
        var table = new Table().AddColumns("", "A second", "Count", "p50", "p99", "p99.9", "Longest", "Errors");
        foreach (var engine in report.Engines.Count > 1 ? [.. report.Engines, report.Total] : report.Engines)
        {
            var name = engine.Url is null ? "all" : engine.Url.TrimEnd('/');
            AddRow(table, $"{name} decisions", engine.Decisions);
            AddRow(table, $"{name} signals", engine.Signals);
        }
        Terminal.Out.Write(table);
        Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{report.Seconds:F1} s, {Words.Count(report.Connections, "connection")}, {(report.Rate is { } rate ? $"{rate:N0} decisions a second asked for, each timed from when it was due" : "each decision timed from when it was sent")}"));
        if (report.Missed > 0)
            Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Words.Count(report.Missed, "decision")} due and not asked for: the engine is slower than the rate"));
        if (report.Total.SignalsLost > 0)
            Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Words.Count(report.Total.SignalsLost, "signal")} refused, or not sent in time"));
        foreach (var failure in report.Failures)
            Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{failure.Count:N0} × {failure.Error}"));
    }

    private static void AddRow(Table table, string name, LoadFigures figures) => table.AddRow(
        Terminal.Escape(name), figures.PerSecond.ToString("N0", CultureInfo.InvariantCulture), figures.Count.ToString("N0", CultureInfo.InvariantCulture),
        Ms(figures.LatencyMs?.P50), Ms(figures.LatencyMs?.P99), Ms(figures.LatencyMs?.P999), Ms(figures.LatencyMs?.Max), figures.Errors.ToString("N0", CultureInfo.InvariantCulture));

    private static string Ms(double? milliseconds) => milliseconds is { } ms ? string.Create(CultureInfo.InvariantCulture, $"{ms:0.00} ms") : "";
}
