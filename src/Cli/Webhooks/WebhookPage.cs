using System.Globalization;
using System.Text.Json.Nodes;
using Flywheel.Cli.Terminals;
using Spectre.Console;

namespace Flywheel.Cli.Webhooks;

/// <summary>Prints the engine's documents of webhooks for people.</summary>
internal static class WebhookPage
{
    public static void PrintAll(JsonNode list)
    {
        if (!Of(list, "webhooks").Any())
        {
            Terminal.Note("there are no webhooks");
            return;
        }
        var table = new Table().AddColumns("Id", "Address", "Events", "Campaigns", "State", "Queued", "Dead letters");
        foreach (var hook in Of(list, "webhooks"))
            table.AddRow(Cell(hook["id"]), Cell(hook["url"]), Terminal.Escape(Joined(hook["events"])), Terminal.Escape(CampaignsOf(hook)), StateOf(hook), Cell(hook["queued"]), Cell(hook["deadLetters"]));
        Terminal.Out.Write(table);
    }

    public static void PrintOne(JsonNode document)
    {
        var hook = document["webhook"]!;
        var grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn();
        Add("webhook", $"{hook["id"]}, {StateOf(hook)}");
        Add("address", $"{hook["url"]}");
        Add("events", Joined(hook["events"]));
        Add("campaigns", CampaignsOf(hook));
        if (hook["description"] is { } description)
            Add("description", $"{description}");
        Terminal.Out.Write(grid);
        // Not in the grid, which would break it over lines.
        if (hook["secret"] is { } secret)
            Output.WriteLine($"secret, this once: {secret}");

        void Add(string name, string value) => grid.AddRow($"[bold]{name}[/]", Terminal.Escape(value));
    }

    public static void PrintDeliveries(JsonNode list)
    {
        var table = new Table().AddColumns("Message", "Type", "Attempt", "At", "Outcome", "Status");
        foreach (var waiting in Of(list, "queued"))
            table.AddRow(Cell(waiting["message"]), Cell(waiting["type"]), Cell(waiting["attempts"]), Time(waiting["nextAt"]), "waits", "");
        foreach (var each in Of(list, "deliveries"))
            table.AddRow(Cell(each["message"]), Cell(each["type"]), Cell(each["attempt"]), Time(each["at"]), Cell(each["outcome"]), Cell(each["status"]));
        Terminal.Out.Write(table);
    }

    public static void PrintDeadLetters(JsonNode list)
    {
        var table = new Table().AddColumns("Message", "Type", "Campaign", "Attempts", "Given up", "Outcome", "Status");
        foreach (var each in Of(list, "deadLetters"))
        {
            table.AddRow(
                Cell(each["message"]), Cell(each["type"]), Cell(each["payload"]?["data"]?["campaign"]), Cell(each["attempts"]), Time(each["at"]), Cell(each["outcome"]), Cell(each["status"]));
        }
        Terminal.Out.Write(table);
    }

    private static IEnumerable<JsonNode> Of(JsonNode list, string member) => list[member]!.AsArray().OfType<JsonNode>();

    private static string StateOf(JsonNode hook) => hook["gone"]!.GetValue<bool>() ? "gone" : hook["enabled"]!.GetValue<bool>() ? "enabled" : "disabled";

    private static string CampaignsOf(JsonNode hook) => hook["campaigns"]!.AsArray().Count == 0 ? "all" : Joined(hook["campaigns"]);

    private static string Joined(JsonNode? texts) => string.Join(", ", texts!.AsArray().Select(text => $"{text}"));

    private static string Cell(JsonNode? value) => Terminal.Escape($"{value}");

    private static string Time(JsonNode? time) => time!.GetValue<DateTimeOffset>().UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
