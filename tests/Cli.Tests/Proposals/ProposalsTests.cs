using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Flywheel.Silo.Tests;

namespace Flywheel.Cli.Tests.Proposals;

/// <summary>flywheel proposals, on what a real engine's agents write.</summary>
public sealed class ProposalsTests(EngineFixture engine) : IClassFixture<EngineFixture>, IDisposable
{
    private readonly TempFolder _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task Approve_TheRevisionThatWasRead_GoesLiveAndNoOther()
    {
        var id = await ProposedAsync("read");
        var file = await WriteAsync("""{"content":{"text":"Run lighter, today"},"attributes":{"angle":"benefit"}}""");
        var edited = (await engine.JsonAsync("proposals", "edit", "read", id, file, "--comment", "shorter"))["proposal"]!;
        Assert.Equal((2, "person", "Run lighter, today"), (edited["revision"]!.GetValue<int>(), edited["writer"]!.GetValue<string>(), edited["module"]!["content"]!["text"]!.GetValue<string>()));

        var (stale, _, refusal) = await CommandLine.RunAsync(engine.Url, "proposals", "approve", "read", id, "--revision", "1");
        var (unsaid, _, question) = await CommandLine.RunAsync(engine.Url, "proposals", "approve", "read", id);
        Assert.Equal("pending", await StatusAsync("read", id));
        var page = await engine.DoneAsync("proposals", "approve", "read", id, "--revision", "2", "--comment", "good");

        Assert.Equal((4, 2), (stale, unsaid));
        Assert.Contains("409", refusal, StringComparison.Ordinal);
        Assert.Contains("--revision: came nothing; expected the revision that you have read, now 2", question, StringComparison.Ordinal);
        Assert.Matches("(?s)revision 2, live.*Run lighter, today.*decided +by person.*good", page);
        Assert.Equal("live", await StatusAsync("read", id));
    }

    [Fact]
    public async Task List_ByStatus_ShowsThoseAlone()
    {
        var id = await ProposedAsync("listed");

        Assert.Equal([id], Ids(await engine.JsonAsync("proposals", "list", "listed")));
        Assert.Contains($" {id} ", await engine.DoneAsync("proposals", "list", "listed"), StringComparison.Ordinal);
        await engine.DoneAsync("proposals", "reject", "listed", id, "--comment", "not our voice");

        Assert.Empty(Ids(await engine.JsonAsync("proposals", "list", "listed")));
        Assert.Equal([id], Ids(await engine.JsonAsync("proposals", "list", "listed", "--status", "rejected")));
        Assert.Contains("not our voice", await engine.DoneAsync("proposals", "show", "listed", id), StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_WithoutAny_SaysSo()
    {
        await PutAsync("empty");

        var (code, output, error) = await CommandLine.RunAsync(engine.Url, "proposals", "list", "empty");

        Assert.Equal((0, "", "empty has no proposals that are pending; --status all shows the others\n"), (code, output, error));
    }

    [Fact]
    public async Task Reject_WithACommentThatIsTooLong_SaysItOnce()
    {
        var id = await ProposedAsync("longwinded");

        var (code, _, error) = await CommandLine.RunAsync(engine.Url, "proposals", "reject", "longwinded", id, "--comment", new string('x', 1001));

        Assert.Equal(4, code);
        Assert.Single(Regex.Matches(error, "comment: "));
    }

    [Fact]
    public async Task RejectUndoAndRevise_DoWhatTheySay()
    {
        var id = await ProposedAsync("undone");

        await engine.DoneAsync("proposals", "reject", "undone", id);
        Assert.Equal(4, (await CommandLine.RunAsync(engine.Url, "proposals", "reject", "undone", id)).Code);
        await engine.DoneAsync("proposals", "undo", "undone", id);
        Assert.Equal("pending", await StatusAsync("undone", id));
        var revised = (await engine.JsonAsync("proposals", "revise", "undone", id, "--comment", "warmer"))["proposal"]!;

        Assert.Equal("rejected", revised["status"]!.GetValue<string>());
        Assert.NotNull(revised["request"]);
    }

    [Theory]
    [InlineData(4, "no proposal p-99", "show", "wrong", "p-99")]
    [InlineData(4, "404", "list", "nobody")]
    [InlineData(1, "p-1", "list", "wrong", "--status", "p-1")]
    [InlineData(2, "expected an object of texts", "edit", "wrong", "p-1", "FILE")]
    public async Task Commands_ThatCannotWork_SayWhy(int expected, string message, params string[] args)
    {
        await PutAsync("wrong");
        var file = await WriteAsync("""{"text":1}""");

        var (code, _, error) = await CommandLine.RunAsync(engine.Url, ["proposals", .. args.Select(word => word == "FILE" ? file : word)]);

        Assert.Contains(message, error, StringComparison.Ordinal);
        Assert.Equal(expected, code);
    }

    private async Task PutAsync(string campaign) => Assert.InRange((await engine.Api.PutAsync($"/v1/campaigns/{campaign}", Wire.Spring)).Status, 200, 201);

    /// <summary>A campaign with a proposal that waits; returns its id.</summary>
    private async Task<string> ProposedAsync(string campaign)
    {
        await PutAsync(campaign);
        (await engine.Api.PostAsync($"/v1/campaigns/{campaign}/slots/headline/refresh", "")).Expect(202);
        var pending = await Eventually.ReadsAsync(
            async () => (await engine.Api.GetAsync($"/v1/campaigns/{campaign}/proposals?status=pending")).Expect(200).Json["proposals"]!.AsArray(), all => all.Count > 0, "a proposal");
        return pending[0]!["id"]!.GetValue<string>();
    }

    private async Task<string> StatusAsync(string campaign, string id) => (await engine.JsonAsync("proposals", "show", campaign, id))["proposal"]!["status"]!.GetValue<string>();

    private async Task<string> WriteAsync(string text)
    {
        await File.WriteAllTextAsync(_files.File("edit.json"), text, TestContext.Current.CancellationToken);
        return _files.File("edit.json");
    }

    private static IEnumerable<string> Ids(JsonNode list) => list["proposals"]!.AsArray().Select(proposal => proposal!["id"]!.GetValue<string>());
}
