using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Flywheel.Cli.Engines;
using Flywheel.Cli.Terminals;
using Flywheel.Domain.Webhooks;

namespace Flywheel.Cli.Webhooks;

/// <summary><c>flywheel webhooks</c>: which systems are told of what wants a person, and what became of the messages. With <c>--json</c> it prints the engine's own documents.</summary>
internal static class WebhooksCommand
{
    private static readonly Argument<string> Id = new("webhook") { Description = "The webhook, such as ops." };

    public static Command Create() => new("webhooks", "List, set, test and delete webhooks, and send again what was given up.")
    {
        EngineAddress.Url, EngineAddress.Key, List(), Set(), Delete(), Test(), Rotate(), Deliveries(), DeadLetters(), Replay(),
    };

    private static Command List()
    {
        var command = new Command("list", "The webhooks, where they go and what waits there.");
        Run(command, async (engine, parsed, cancellationToken) => Print(await ReadAsync(engine, HttpMethod.Get, "", null, cancellationToken), parsed, WebhookPage.PrintAll));
        return command;
    }

    private static Command Set()
    {
        var address = new Argument<string>("address") { Description = "Where messages are posted: http or https." };
        var events = new Option<string[]>("--events") { Description = $"What it is told of: {string.Join(", ", WebhookEvents.All)}. All of them where left out.", AllowMultipleArgumentsPerToken = true };
        events.AcceptOnlyFromAmong([.. WebhookEvents.All]);
        var campaigns = new Option<string[]>("--campaigns") { Description = "The campaigns it is told of. All of them where left out.", AllowMultipleArgumentsPerToken = true };
        var description = new Option<string?>("--description") { Description = "What it is for: at most 200 characters." };
        var disabled = new Option<bool>("--disabled") { Description = "Send nothing and queue nothing new, until it is set again." };
        var command = new Command("set", "Create a webhook, or replace the one there is. The secret of a new one is printed, this once.") { Id, address, events, campaigns, description, disabled };
        Run(command, async (engine, parsed, cancellationToken) =>
        {
            var document = new JsonObject { ["url"] = parsed.GetRequiredValue(address), ["enabled"] = !parsed.GetValue(disabled) };
            if (parsed.GetValue(events) is { Length: > 0 } some)
                document["events"] = ArrayOf(some);
            if (parsed.GetValue(campaigns) is { Length: > 0 } named)
                document["campaigns"] = ArrayOf(named);
            if (parsed.GetValue(description) is { } text)
                document["description"] = text;
            Print(new JsonObject { ["webhook"] = await ReadAsync(engine, HttpMethod.Put, PathOf(parsed), document, cancellationToken) }, parsed, WebhookPage.PrintOne);
        });
        return command;
    }

    private static Command Delete()
    {
        var yes = new Option<bool>("--yes") { Description = "Say that you mean it." };
        var command = new Command("delete", "Delete a webhook with its secret and all that waits or was given up. There is no way back.") { Id, yes };
        Run(command, async (engine, parsed, cancellationToken) =>
        {
            var path = PathOf(parsed);
            if (!parsed.GetValue(yes))
                throw new InvalidDataException($"this deletes {parsed.GetRequiredValue(Id)} with its secret and all that waits there; say so with --yes (webhooks set … --disabled keeps it)");
            await engine.SendAsync(HttpMethod.Delete, $"v1/webhooks{path}", null, cancellationToken);
            Print(new JsonObject { ["webhook"] = new JsonObject { ["id"] = parsed.GetRequiredValue(Id), ["outcome"] = "deleted" } }, parsed, _ => Output.WriteLine($"{parsed.GetRequiredValue(Id)} deleted"));
        });
        return command;
    }

    private static Command Test()
    {
        var command = new Command("test", "Send a message of the type webhook.test; deliveries shows what became of it.") { Id };
        Run(command, async (engine, parsed, cancellationToken) =>
            Print(await ReadAsync(engine, HttpMethod.Post, $"{PathOf(parsed)}/test", null, cancellationToken), parsed, receipt => Output.WriteLine($"{receipt["message"]} is on its way")));
        return command;
    }

    private static Command Rotate()
    {
        var command = new Command("rotate", "Make a new secret and print it, this once; the one before signs as well for a day.") { Id };
        Run(command, async (engine, parsed, cancellationToken) =>
            Print(await ReadAsync(engine, HttpMethod.Post, $"{PathOf(parsed)}/secret", null, cancellationToken), parsed, made => Output.WriteLine($"{made["secret"]}")));
        return command;
    }

    private static Command Deliveries()
    {
        var command = new Command("deliveries", "The last attempts, newest first, and what waits.") { Id };
        Run(command, async (engine, parsed, cancellationToken) => Print(await ReadAsync(engine, HttpMethod.Get, $"{PathOf(parsed)}/deliveries", null, cancellationToken), parsed, WebhookPage.PrintDeliveries));
        return command;
    }

    private static Command DeadLetters()
    {
        var command = new Command("dead-letters", "Messages that were given up, newest first.") { Id };
        Run(command, async (engine, parsed, cancellationToken) => Print(await ReadAsync(engine, HttpMethod.Get, $"{PathOf(parsed)}/dead-letters", null, cancellationToken), parsed, WebhookPage.PrintDeadLetters));
        return command;
    }

    private static Command Replay()
    {
        var message = new Option<string?>("--message") { Description = "One of them, as dead-letters names it. All of them where left out." };
        var command = new Command("replay", "Send dead letters again, under their own ids.") { Id, message };
        Run(command, async (engine, parsed, cancellationToken) =>
        {
            var one = parsed.GetValue(message) is { } id ? $"?message={Uri.EscapeDataString(id)}" : "";
            Print(await ReadAsync(engine, HttpMethod.Post, $"{PathOf(parsed)}/replay{one}", null, cancellationToken), parsed, receipt => Output.WriteLine(Replayed(receipt["replayed"]!.GetValue<long>())));
        });
        return command;
    }

    private static string Replayed(long messages) => $"{Words.Count(messages, "message")} {(messages == 1 ? "is" : "are")} sent again";

    private static string PathOf(ParseResult parsed) => $"/{EngineAddress.Checked(parsed.GetRequiredValue(Id))}";

    private static JsonArray ArrayOf(string[] texts) => [.. texts.Select(text => JsonValue.Create(text))];

    private static async Task<JsonNode> ReadAsync(EngineHttp engine, HttpMethod method, string path, JsonObject? document, CancellationToken cancellationToken)
    {
        var (_, body) = await engine.SendAsync(method, $"v1/webhooks{path}", document is null ? null : JsonSerializer.SerializeToUtf8Bytes(document), cancellationToken);
        return JsonNode.Parse(body)!;
    }

    private static void Print(JsonNode document, ParseResult parsed, Action<JsonNode> page)
    {
        if (Output.IsJson(parsed))
            Output.Write(document);
        else
            page(document);
    }

    private static void Run(Command command, Func<EngineHttp, ParseResult, CancellationToken, Task> action) => Verb.Run(command, async (parsed, cancellationToken) =>
    {
        using var engine = EngineAddress.OpenHttp(parsed);
        await action(engine, parsed, cancellationToken);
        return ExitCodes.Done;
    });
}
