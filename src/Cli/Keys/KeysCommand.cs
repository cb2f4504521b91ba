using System.CommandLine;
using System.Globalization;
using Flywheel.Cli.Terminals;
using Flywheel.Decisions;
using Flywheel.Domain.Access;
using Spectre.Console;

namespace Flywheel.Cli.Keys;

/// <summary><c>flywheel keys</c>: the file of API keys that the engine is started with. A running engine takes changes over by itself.</summary>
internal static class KeysCommand
{
    /// <summary>A century.</summary>
    private const int MostDays = 36_500;

    public static Command Create()
    {
        var file = new Argument<FileInfo>("file") { Description = "The file that the engine has as --api-keys; made where it is missing." };
        return new Command("keys", "Make, list and revoke API keys. A running engine takes changes over within two seconds.") { Create(file), List(file), Revoke(file) };
    }

    private static Command Create(Argument<FileInfo> file)
    {
        var role = new Option<string>("--role") { Description = "serve (decide and signal), read, operate (campaigns and approvals; reads, too) or admin (all).", Required = true };
        role.AcceptOnlyFromAmong([.. Roles.Names]);
        var tenant = new Option<string>("--tenant") { Description = "Whose campaigns it is for: [a-z0-9-]{1,32}.", DefaultValueFactory = _ => CampaignKeys.DefaultTenant };
        var name = new Option<string?>("--name") { Description = "What it is for, in your words." };
        var days = new Option<int?>("--days") { Description = "Days until it is refused; never where left out." };
        var rate = new Option<int?>("--per-second") { Description = "Requests a second that each silo takes with it; no limit where left out." };
        var command = new Command("create", "Make a key and print it. It is shown this once; the file keeps its hash.") { file, role, tenant, name, days, rate };
        command.SetAction(parsed => KeyFiles.Change(parsed.GetRequiredValue(file), () =>
        {
            if (!CampaignKeys.IsTenant(parsed.GetRequiredValue(tenant)))
                throw new InvalidDataException($"--tenant: came \"{parsed.GetValue(tenant)}\"; expected [a-z0-9-]{{1,{CampaignKeys.MaxTenantLength}}}");
            Bounds.Check(days.Name, parsed.GetValue(days), 1, MostDays);
            Bounds.Check(rate.Name, parsed.GetValue(rate), 1, int.MaxValue);
            var now = TimeProvider.System.GetUtcNow();
            var there = parsed.GetRequiredValue(file);
            var keys = Read(there, mayBeMissing: true);
            if (keys.Count == ApiKeyDocument.MostKeys)
                throw new InvalidDataException($"holds {keys.Count} keys, which is the most; revoke one first");
            var text = ApiKeyText.New();
            // Ids are short; of two keys one could not be told from the other.
            while (keys.Any(key => key.Id == ApiKeyText.Keep(text, "", "").Id))
                text = ApiKeyText.New();
            var key = ApiKeyText.Keep(text, parsed.GetRequiredValue(tenant), parsed.GetRequiredValue(role)) with
            {
                Name = parsed.GetValue(name),
                CreatedAt = now,
                ExpiresAt = parsed.GetValue(days) is { } many ? now.AddDays(many) : null,
                RequestsPerSecond = parsed.GetValue(rate),
            };
            KeyFiles.Replace(there, ApiKeyDocument.Write([.. keys, key]));
            if (Output.IsJson(parsed))
            {
                Output.Write(new { key = text, id = key.Id, tenant = key.Tenant, role = key.Role });
                return ExitCodes.Done;
            }
            Output.WriteLine(text);
            Terminal.Note($"That is the key {key.Id}: {key.Role} of {key.Tenant}. It is shown this once.");
            return ExitCodes.Done;
        }));
        return command;
    }

    private static Command List(Argument<FileInfo> file)
    {
        var command = new Command("list", "What each key may do. The keys themselves are nowhere.") { file };
        command.SetAction(parsed => KeyFiles.Run(parsed.GetRequiredValue(file), () =>
        {
            var keys = Read(parsed.GetRequiredValue(file), mayBeMissing: false);
            if (Output.IsJson(parsed))
                Output.Write(new { keys = keys.Select(key => new { key.Id, key.Tenant, key.Role, key.Name, key.CreatedAt, key.ExpiresAt, key.RequestsPerSecond }) });
            else if (keys.Count == 0)
                Terminal.Note($"there are no keys in {parsed.GetValue(file)}");
            else
                Print(keys);
            return ExitCodes.Done;
        }));
        return command;
    }

    private static Command Revoke(Argument<FileInfo> file)
    {
        var id = new Argument<string>("id") { Description = "As list shows it." };
        var command = new Command("revoke", "Take a key out of the file: the engine refuses it, and the sign-ins that came of it.") { file, id };
        command.SetAction(parsed => KeyFiles.Change(parsed.GetRequiredValue(file), () =>
        {
            var there = parsed.GetRequiredValue(file);
            var keys = Read(there, mayBeMissing: false);
            if (keys.All(key => key.Id != parsed.GetRequiredValue(id)))
                throw new InvalidDataException($"came the id {parsed.GetValue(id)}; expected one of {string.Join(", ", keys.Select(key => key.Id))}");
            KeyFiles.Replace(there, ApiKeyDocument.Write([.. keys.Where(key => key.Id != parsed.GetValue(id))]));
            if (Output.IsJson(parsed))
                Output.Write(new { revoked = parsed.GetValue(id), keys = keys.Count - 1 });
            return ExitCodes.Done;
        }));
        return command;
    }

    private static IReadOnlyList<ApiKey> Read(FileInfo file, bool mayBeMissing) => mayBeMissing && !file.Exists ? [] : ApiKeyDocument.Read(File.ReadAllBytes(file.FullName));

    private static void Print(IReadOnlyList<ApiKey> keys)
    {
        var table = new Table().AddColumns("Id", "Tenant", "Role", "Name", "Made", "Ends");
        foreach (var key in keys)
            table.AddRow(Terminal.Escape(key.Id), Terminal.Escape(key.Tenant), Terminal.Escape(key.Role), Terminal.Escape(key.Name), Day(key.CreatedAt), Day(key.ExpiresAt));
        Terminal.Out.Write(table);
    }

    private static string Day(DateTimeOffset? time) => time?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "";
}
