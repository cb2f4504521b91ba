using System.CommandLine;
using Flywheel.Cli.Engines;
using Flywheel.Cli.Terminals;
using Flywheel.Client;
using Spectre.Console;

namespace Flywheel.Cli.Campaigns;

/// <summary><c>flywheel campaign</c>: documents out of an engine and into one. Counts, history and proposals are no part of a document.</summary>
internal static class CampaignCommand
{
    public static Command Create() => new("campaign", "Read, write, export and import campaign documents of an engine.")
    {
        EngineAddress.Url, EngineAddress.Key, List(), Get(), Apply(), Status("pause", "paused", "Serve it no more, until it is resumed."), Status("resume", "live", "Serve it again."), Delete(),
        Export(), Import(),
    };

    private static Command List()
    {
        var command = new Command("list", "The campaigns that the key sees.");
        Run(command, async (engine, parsed, cancellationToken) =>
        {
            var campaigns = await engine.ListAsync(cancellationToken);
            if (Output.IsJson(parsed))
            {
                Output.Write(new { campaigns });
                return ExitCodes.Done;
            }
            if (campaigns.Count == 0)
                Terminal.Note("there are no campaigns that the key sees");
            else
                Print(campaigns);
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Status(string name, string status, string description)
    {
        var id = new Argument<string>("id") { Description = "The campaign." };
        var command = new Command(name, description) { id };
        Run(command, async (engine, parsed, cancellationToken) =>
        {
            var campaign = Checked(parsed.GetRequiredValue(id));
            await engine.SetStatusAsync(campaign, status, cancellationToken);
            Report([(campaign, status)], parsed);
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Get()
    {
        var id = new Argument<string>("id") { Description = "The campaign." };
        var command = new Command("get", "Print a campaign's document.") { id };
        Run(command, async (engine, parsed, cancellationToken) =>
        {
            Output.WriteLine(await engine.GetAsync(Checked(parsed.GetRequiredValue(id)), cancellationToken));
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Apply()
    {
        var file = new Argument<string>("file") { Description = "A campaign document; - for standard input." };
        var id = new Option<string?>("--id") { Description = "The campaign's id, where the document does not name it." };
        var command = new Command("apply", "Create or replace a campaign.") { file, id };
        Run(command, async (engine, parsed, cancellationToken) =>
            await PutAsync(engine, [await Verb.AtOnceAsync(() => CampaignFile.Read(parsed.GetRequiredValue(file), parsed.GetValue(id)), cancellationToken)], parsed, cancellationToken));
        return command;
    }

    private static Command Delete()
    {
        var id = new Argument<string>("id") { Description = "The campaign." };
        var yes = new Option<bool>("--yes") { Description = "Say that you mean it." };
        var command = new Command("delete", "Delete a campaign with all that was counted for it. There is no way back.") { id, yes };
        Run(command, async (engine, parsed, cancellationToken) =>
        {
            var campaign = Checked(parsed.GetRequiredValue(id));
            if (!parsed.GetValue(yes))
                throw new InvalidDataException($"this deletes {campaign} with all that was counted for it; say so with --yes (campaign export {campaign} keeps its document)");
            await engine.DeleteAsync(campaign, cancellationToken);
            Report([(campaign, "deleted")], parsed);
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Export()
    {
        var ids = new Argument<string[]>("ids") { Description = "The campaigns; all that the key sees where none is named.", Arity = ArgumentArity.ZeroOrMore };
        var to = new Option<string?>("--to") { Description = "A folder, for a file ID.json each; a file NAME.ndjson, for a line each; or a file NAME.json, for one campaign. Folders that are missing are made. Standard output, a line each, where left out." };
        var command = new Command("export", "Write campaign documents as import and apply take them.") { ids, to };
        Run(command, async (engine, parsed, cancellationToken) =>
        {
            var wanted = parsed.GetValue(ids) is { Length: > 0 } named ? named.Select(Checked).ToList() : [.. (await engine.ListAsync(cancellationToken)).Select(campaign => campaign.Id)];
            var place = parsed.GetValue(to) is { } path ? new ExportPlace(path) : null;
            place?.Check(wanted.Count);
            var documents = await Bar.RunAsync("export", wanted.Count, report => ReadAsync(engine, wanted, report, cancellationToken));
            if (place is not null)
            {
                await place.WriteAsync(documents, cancellationToken);
                Terminal.Note($"{Words.Count(documents.Count, "campaign")} in {place.Path}");
                return ExitCodes.Done;
            }
            foreach (var (_, document) in documents)
                Output.WriteLine(document);
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Import()
    {
        var from = new Argument<string>("from") { Description = "A folder of *.json, a file with one document, or a file NAME.ndjson (or - for standard input) with a line each." };
        var command = new Command("import", "Create or replace campaigns. All documents are checked before the first is sent.") { from };
        Run(command, async (engine, parsed, cancellationToken) =>
            await PutAsync(engine, await Verb.AtOnceAsync(() => CampaignFile.ReadAll(parsed.GetRequiredValue(from)), cancellationToken), parsed, cancellationToken));
        return command;
    }

    private static async Task<int> PutAsync(EngineApi engine, IReadOnlyList<CampaignFile> files, ParseResult parsed, CancellationToken cancellationToken)
    {
        var done = new List<(string, string)>();
        try
        {
            return await Bar.RunAsync("import", files.Count, async report =>
            {
                foreach (var file in files)
                {
                    done.Add((file.Id, await engine.PutAsync(file.Id, file.Document, cancellationToken) ? "created" : "replaced"));
                    report(done.Count, file.Id);
                }
                return ExitCodes.Done;
            });
        }
        catch (FlywheelException e)
        {
            throw new EngineRefusal($"{files[done.Count].Place}: {EngineRefusal.Sentence(e)}{(files.Count > 1 ? $"\n{done.Count} of {Words.Count(files.Count, "campaign")} {(done.Count == 1 ? "is" : "are")} in; import the same again once this is mended" : "")}", Verb.CodeOf(e));
        }
        finally
        {
            Report(done, parsed);
        }
    }

    private static void Report(IReadOnlyList<(string Id, string Outcome)> done, ParseResult parsed)
    {
        if (Output.IsJson(parsed))
        {
            Output.Write(new { campaigns = done.Select(campaign => new { id = campaign.Id, outcome = campaign.Outcome }) });
            return;
        }
        foreach (var (id, outcome) in done)
            Output.WriteLine($"{id} {outcome}");
    }

    private static async Task<IReadOnlyList<(string Id, byte[] Document)>> ReadAsync(EngineApi engine, IReadOnlyList<string> wanted, Action<double, string?> report, CancellationToken cancellationToken)
    {
        var documents = new List<(string Id, byte[] Document)>();
        foreach (var campaign in wanted)
        {
            documents.Add((campaign, await engine.GetAsync(campaign, cancellationToken)));
            report(documents.Count, campaign);
        }
        return documents;
    }

    private static void Print(IReadOnlyList<CampaignSummary> campaigns)
    {
        var table = new Table().AddColumns("Id", "Name", "Status");
        foreach (var campaign in campaigns)
            table.AddRow(Terminal.Escape(campaign.Id), Terminal.Escape(campaign.Name), Terminal.Escape(campaign.Status));
        Terminal.Out.Write(table);
    }

    private static string Checked(string id) => EngineAddress.Checked(id);

    private static void Run(Command command, Func<EngineApi, ParseResult, CancellationToken, Task<int>> action) => Verb.Run(command, async (parsed, cancellationToken) =>
    {
        using var engine = EngineAddress.Open(parsed);
        return await action(engine, parsed, cancellationToken);
    });
}
