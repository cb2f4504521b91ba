using System.Text.Json.Nodes;
using Flywheel.Silo.Tests;
using Flywheel.Silo.Tests.Webhooks;

namespace Flywheel.Cli.Tests.Webhooks;

/// <summary>flywheel webhooks, on a real engine that posts to a receiver on loopback.</summary>
public sealed class WebhooksTests : IAsyncLifetime
{
    private readonly TempFolder _data = new();
    private WebhookReceiver _receiver = null!;
    private EngineProcess _engine = null!;

    private Uri Url => _engine.Api.Http.BaseAddress!;

    public async ValueTask InitializeAsync()
    {
        _receiver = await WebhookReceiver.StartAsync();
        _engine = await EngineProcess.StartAsync(_data, "--webhook-private", "127.0.0.1");
    }

    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        await _receiver.DisposeAsync();
        _data.Dispose();
    }

    [Fact]
    public async Task Set_OfANewOne_PrintsTheSecretOnceAndItSignsWhatIsSent()
    {
        var made = (await JsonAsync("set", "ops", $"{_receiver.Url}", "--events", "proposal.waiting", "module.faded", "--campaigns", "spring", "--description", "the duty chat"))["webhook"]!;
        var again = (await JsonAsync("set", "ops", $"{_receiver.Url}", "--disabled"))["webhook"]!;
        var page = await DoneAsync("set", "ops", $"{_receiver.Url}");
        var id = (await JsonAsync("test", "ops"))["message"]!.GetValue<string>();

        Assert.Equal(("ops", """["proposal.waiting","module.faded"]""", """["spring"]""", "the duty chat", true), (Text(made, "id"), made["events"]!.ToJsonString(), made["campaigns"]!.ToJsonString(), Text(made, "description"), made["enabled"]!.GetValue<bool>()));
        Assert.Equal((false, 4, 0, false), (again["enabled"]!.GetValue<bool>(), again["events"]!.AsArray().Count, again["campaigns"]!.AsArray().Count, again.AsObject().ContainsKey("secret")));
        Assert.Matches("(?s)ops, enabled.*address.*campaigns +all", page);
        Assert.DoesNotContain("secret", page, StringComparison.Ordinal);
        var message = (await _receiver.ReceivesAsync(all => all.Count == 1, "the test"))[0];
        Assert.Equal((id, true), (message.Id, message.IsSignedWith(Text(made, "secret"))));
        Assert.Matches($"(?s)ops.*{_receiver.Url}.*all.*enabled", await DoneAsync("list"));
    }

    [Fact]
    public async Task SetAndRotate_WithoutJson_PrintSecretsThatSign()
    {
        var first = (await DoneAsync("set", "ops", $"{_receiver.Url}")).Split("secret, this once: ")[1].Trim();
        var second = (await DoneAsync("rotate", "ops")).Trim();
        await DoneAsync("test", "ops");

        Assert.NotEqual(first, second);
        var message = (await _receiver.ReceivesAsync(all => all.Count == 1, "the test"))[0];
        Assert.True(message.IsSignedWith(first) && message.IsSignedWith(second), message.Signature);
    }

    [Fact]
    public async Task Replay_OfWhatWasGivenUp_SendsItAgain()
    {
        // 410: given up at once, and the webhook is out of service until it is set again.
        _receiver.Status = place => place == 0 ? 410 : 204;
        await DoneAsync("set", "ops", $"{_receiver.Url}");
        var id = (await JsonAsync("test", "ops"))["message"]!.GetValue<string>();
        var letters = await Eventually.ReadsAsync(async () => (await JsonAsync("dead-letters", "ops"))["deadLetters"]!.AsArray(), all => all.Count == 1, "a dead letter");
        Assert.Equal((id, "gone", 410), (Text(letters[0]!, "message"), Text(letters[0]!, "outcome"), letters[0]!["status"]!.GetValue<int>()));
        Assert.Matches($"(?s){id}.*webhook.test.*gone.*410", await DoneAsync("dead-letters", "ops"));
        Assert.Matches("ops.* gone ", await DoneAsync("list"));
        var (refused, _, why) = await RunAsync("replay", "ops");
        Assert.Equal((4, true), (refused, why.Contains("not enabled", StringComparison.Ordinal)));
        await DoneAsync("set", "ops", $"{_receiver.Url}");

        Assert.Equal(4, (await RunAsync("replay", "ops", "--message", "msg_other")).Code);
        Assert.Equal("""{"replayed":1}""", (await JsonAsync("replay", "ops", "--message", id)).ToJsonString());

        Assert.Equal(id, (await _receiver.ReceivesAsync(all => all.Count == 2, "the message again"))[1].Id);
        await Eventually.ReadsAsync(() => JsonAsync("deliveries", "ops"), list => list["queued"]!.AsArray().Count == 0 && list["deliveries"]!.AsArray().Count == 2, "two attempts", list => list.ToJsonString());
        Assert.Matches($"(?s){id}.*delivered.*204.*{id}.*gone.*410", await DoneAsync("deliveries", "ops"));
        Assert.Equal("0 messages are sent again", (await DoneAsync("replay", "ops")).Trim());
    }

    [Fact]
    public async Task Delete_OnlyWhereItIsMeant_LeavesNone()
    {
        await DoneAsync("set", "ops", $"{_receiver.Url}");

        var (unsaid, _, error) = await RunAsync("delete", "ops");
        Assert.Equal((2, true), (unsaid, error.Contains("--yes", StringComparison.Ordinal)));
        Assert.Single((await JsonAsync("list"))["webhooks"]!.AsArray());

        Assert.Equal("""{"webhook":{"id":"ops","outcome":"deleted"}}""", (await JsonAsync("delete", "ops", "--yes")).ToJsonString());
        Assert.Empty((await JsonAsync("list"))["webhooks"]!.AsArray());
        Assert.Equal(4, (await RunAsync("delete", "ops", "--yes")).Code);
    }

    [Theory]
    [InlineData(4, "No such webhook", "test", "nobody")]
    [InlineData(4, "No such webhook", "deliveries", "nobody")]
    [InlineData(4, "url: ", "set", "ops", "ftp://hooks.example.com")]
    [InlineData(4, "url: ", "set", "ops", "http://10.0.0.1/hook")]
    [InlineData(4, "campaigns[0]: ", "set", "ops", "https://hooks.example.com", "--campaigns", "Spring!")]
    [InlineData(2, "id: came \"No!\"", "dead-letters", "No!")]
    [InlineData(1, "campaign.deleted", "set", "ops", "https://hooks.example.com", "--events", "campaign.deleted")]
    [InlineData(5, "could not be reached", "list", "--url", "http://127.0.0.1:1")]
    public async Task Commands_ThatCannotWork_SayWhy(int expected, string message, params string[] args)
    {
        var (code, output, error) = await RunAsync([.. args, "--json"]);

        Assert.Contains(message, error, StringComparison.Ordinal);
        Assert.Equal((expected, ""), (code, output));
    }

    private static string Text(JsonNode node, string member) => node[member]!.GetValue<string>();

    private Task<(int Code, string Output, string Error)> RunAsync(params string[] args) => CommandLine.RunAsync(Url, ["webhooks", .. args]);

    private async Task<string> DoneAsync(params string[] args)
    {
        var (code, output, error) = await RunAsync(args);
        Assert.True(code == 0, $"{code}: {error}{output}");
        return output;
    }

    private async Task<JsonNode> JsonAsync(params string[] args) => JsonNode.Parse(await DoneAsync([.. args, "--json"]))!;
}
