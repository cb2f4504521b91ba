using System.Text.Json;
using System.Text.Json.Nodes;
using Flywheel.Cli.Terminals;
using Flywheel.Silo.Tests;

namespace Flywheel.Cli.Tests.Terminals;

/// <summary>What others wrote steers no terminal.</summary>
public sealed class VisibleTests(EngineFixture engine) : IClassFixture<EngineFixture>, IDisposable
{
    private const string Evil = "evil\u001b[31mRED\u001b]0;title\u0007\r\u007f\u009b2J\u202egnp.exe\u2066";
    private const string Shown = @"evil\u001b[31mRED\u001b]0;title\u0007\u000d\u007f\u009b2J\u202egnp.exe\u2066";

    private readonly TempFolder _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task Campaign_WithControlCharactersInItsName_IsListedAsText()
    {
        await PutAsync("steering");

        AssertShown(await engine.DoneAsync("campaign", "list"));
        AssertSteersNothing(await engine.DoneAsync("watch", "steering", "--once"));
        AssertSame(await engine.DoneAsync("campaign", "get", "steering"), document => document["name"]);
        AssertSame(await engine.DoneAsync("campaign", "list", "--json"), document => document["campaigns"]!.AsArray().Single(each => each!["id"]!.GetValue<string>() == "steering")!["name"]);
    }

    [Fact]
    public async Task Key_WithControlCharactersInItsName_IsListedAsText()
    {
        var file = _files.File("keys.json");
        await engine.DoneAsync("keys", "create", file, "--role", "read", "--name", Evil);

        AssertShown(await engine.DoneAsync("keys", "list", file));
        AssertSame(await engine.DoneAsync("keys", "list", file, "--json"), document => document["keys"]![0]!["name"]);
    }

    [Fact]
    public async Task Proposal_WithControlCharactersInItsText_IsShownAsText()
    {
        await PutAsync("proposed");
        (await engine.Api.PostAsync("/v1/campaigns/proposed/slots/headline/refresh", "")).Expect(202);
        var pending = await Eventually.ReadsAsync(
            async () => (await engine.Api.GetAsync("/v1/campaigns/proposed/proposals?status=pending")).Expect(200).Json["proposals"]!.AsArray(), all => all.Count > 0, "a proposal");
        var id = pending[0]!["id"]!.GetValue<string>();
        await engine.DoneAsync("proposals", "reject", "proposed", id, "--comment", Evil);

        AssertShown(await engine.DoneAsync("proposals", "show", "proposed", id));
        AssertSteersNothing(await engine.DoneAsync("proposals", "list", "proposed", "--status", "rejected"));
        AssertSame(await engine.DoneAsync("proposals", "show", "proposed", id, "--json"), document => document["proposal"]!["comment"]);
    }

    [Fact]
    public async Task World_WithControlCharactersInItsName_IsReportedAsText()
    {
        await File.WriteAllTextAsync(_files.File("world.json"), $$$"""
            {"name":{{{JsonSerializer.Serialize(Evil)}}},"impressions":100,"slots":[{"id":"h","modules":["a","b"]}],"segments":[{"id":"default","phases":[{"from":0,"rates":{"a":0.1,"b":0.2}}]}]}
            """, TestContext.Current.CancellationToken);

        AssertShown(await engine.DoneAsync("simulate", _files.File("world.json"), "--seeds", "1"));
        AssertSame(await engine.DoneAsync("simulate", _files.File("world.json"), "--seeds", "1", "--json"), document => document["worlds"]![0]!["world"]);
    }

    [Fact]
    public async Task Error_AboutControlCharacters_IsText()
    {
        await File.WriteAllTextAsync(_files.File("bad.json"), $$"""{"id":"bad",{{JsonSerializer.Serialize(Evil)}}:1}""", TestContext.Current.CancellationToken);

        var (code, output, error) = await CommandLine.RunAsync(engine.Url, "campaign", "apply", _files.File("bad.json"));
        var (misread, _, usage) = await CommandLine.RunAsync(engine.Url, "campaign", "list", Evil);

        Assert.Equal((2, "", 1), (code, output, misread));
        AssertShown(error);
        AssertShown(usage);
    }

    [Fact]
    public void Lines_OfEitherKind_StayLines() => Assert.Equal("a\nb\tc\\u000dd", Visible.Lines("a\r\nb\tc\rd"));

    /// <summary>One place decides what may reach a terminal.</summary>
    [Fact]
    public void Sources_OutsideOfTerminals_WriteThroughIt() =>
        Assert.All(
            Directory.GetFiles(Repository.File("src/Cli"), "*.cs", SearchOption.AllDirectories)
                .Where(path => !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/Terminals/", StringComparison.Ordinal)),
            path => Assert.DoesNotMatch(@"\bConsole\.(Out|Error|Write|OpenStandard(Output|Error))|\bAnsiConsole\.|\bMarkup\.Escape|\bTerminal\.(Out|Error)\.(WriteLine|Markup)", File.ReadAllText(path)));

    private async Task PutAsync(string campaign)
    {
        var document = JsonNode.Parse(Wire.Spring)!;
        document["name"] = Evil;
        Assert.InRange((await engine.Api.PutAsync($"/v1/campaigns/{campaign}", document.ToJsonString())).Status, 200, 201);
    }

    private static void AssertShown(string text)
    {
        AssertSteersNothing(text);
        Assert.Contains(Shown, text, StringComparison.Ordinal);
    }

    private static void AssertSteersNothing(string text) => Assert.DoesNotMatch(@"[\p{Cc}-[\n\t]]|[\u202a-\u202e\u2066-\u2069]", text);

    private static void AssertSame(string json, Func<JsonNode, JsonNode?> text)
    {
        AssertSteersNothing(json);
        Assert.Equal(Evil, text(JsonNode.Parse(json)!)!.GetValue<string>());
    }
}
