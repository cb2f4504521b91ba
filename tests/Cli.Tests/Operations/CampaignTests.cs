using System.Text.Json;
using System.Text.Json.Nodes;
using Flywheel.Silo.Tests;

namespace Flywheel.Cli.Tests.Operations;

/// <summary>flywheel campaign, against engines with API keys.</summary>
public sealed class CampaignTests : IAsyncLifetime
{
    private readonly TempFolder _data = new();
    private readonly TempFolder _files = new();
    private EngineProcess _engine = null!;
    private string _key = "";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _key = (await CommandLine.RunAsync("keys", "create", _files.File("keys.json"), "--role", "operate", "--tenant", "acme")).Output.Trim();
        _engine = await EngineProcess.StartAsync(_data, "--api-keys", _files.File("keys.json"));
    }

    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        _data.Dispose();
        _files.Dispose();
    }

    [Fact]
    public async Task Campaigns_ExportedAndImportedElsewhere_AreTheSameDocuments()
    {
        await WriteAsync("spring.json", Wire.Spring);
        await WriteAsync("autumn.json", Wire.Campaign([3, 2]));
        Assert.Equal("spring created\n", await DoneAsync("campaign", "apply", _files.File("spring.json"), "--id", "spring"));
        Assert.Equal("autumn created\n", await DoneAsync("campaign", "apply", _files.File("autumn.json"), "--id", "autumn"));
        Assert.Equal("autumn replaced\n", await DoneAsync("campaign", "apply", _files.File("autumn.json"), "--id", "autumn"));
        var (spring, autumn) = (await DoneAsync("campaign", "get", "spring"), await DoneAsync("campaign", "get", "autumn"));
        Assert.Equal("spring", JsonNode.Parse(spring)!["id"]!.GetValue<string>());

        var lines = await DoneAsync("campaign", "export");
        await DoneAsync("campaign", "export", "--to", _files.File("all.ndjson"));
        await DoneAsync("campaign", "export", "spring", "autumn", "--to", _files.File("folder"));

        Assert.Equal(autumn + spring, lines);
        Assert.Equal(lines, await File.ReadAllTextAsync(_files.File("all.ndjson"), Cancel));
        Assert.Equal(spring.TrimEnd(), await File.ReadAllTextAsync(_files.File("folder/spring.json"), Cancel));

        using var other = new TempFolder();
        await using var elsewhere = await EngineProcess.StartAsync(other);
        foreach (var from in (string[])[_files.File("all.ndjson"), _files.File("folder")])
        {
            var (code, output, error) = await CommandLine.RunAsync("campaign", "import", from, "--json", "--url", elsewhere.Api.Http.BaseAddress!.ToString());
            Assert.True(code == 0, error);
            Assert.Equal(["autumn", "spring"], JsonNode.Parse(output)!["campaigns"]!.AsArray().Select(campaign => campaign!["id"]!.GetValue<string>()));
            Assert.Equal(spring.TrimEnd(), (await elsewhere.Api.GetAsync("/v1/campaigns/spring")).Expect(200).Text);
            Assert.Equal(autumn.TrimEnd(), (await elsewhere.Api.GetAsync("/v1/campaigns/autumn")).Expect(200).Text);
        }
    }

    [Fact]
    public async Task Import_OneDocumentIsWrong_SendsNone()
    {
        await WriteAsync("a.json", Wire.Campaign([2], "\"id\":\"a\""));
        await WriteAsync("b.json", Wire.Campaign([2], "\"id\":\"b\",\"colour\":1"));

        var (code, output, error) = await RunAsync("campaign", "import", _files.Path);

        Assert.Equal((2, ""), (code, output.Trim()));
        Assert.Contains("b.json: colour: came an unknown member", error, StringComparison.Ordinal);
        Assert.Equal("", await DoneAsync("campaign", "export"));
    }

    [Fact]
    public async Task Export_ToAPathThatEndsAsAFile_IsOneAndMakesItsFolder()
    {
        await WriteAsync("spring.json", Wire.Spring);
        await DoneAsync("campaign", "apply", _files.File("spring.json"), "--id", "spring");
        await DoneAsync("campaign", "apply", _files.File("spring.json"), "--id", "autumn");
        var document = await DoneAsync("campaign", "get", "spring");
        var (to, lines) = (_files.File("new/folder/x.json"), _files.File("other/all.ndjson"));

        var (code, output, error) = await RunAsync("campaign", "export", "spring", "--to", to);
        await DoneAsync("campaign", "export", "--to", lines);
        var (two, _, refusal) = await RunAsync("campaign", "export", "--to", _files.File("both.json"));

        Assert.Equal((0, "", $"1 campaign in {to}\n"), (code, output, error));
        Assert.Equal(document.TrimEnd(), await File.ReadAllTextAsync(to, Cancel));
        Assert.Equal(2, (await File.ReadAllLinesAsync(lines, Cancel)).Length);
        Assert.Equal(2, two);
        Assert.Contains("both.json, a file for one campaign; expected a folder or a file NAME.ndjson for 2", refusal, StringComparison.Ordinal);
        Assert.False(Path.Exists(_files.File("both.json")));
    }

    [Fact]
    public async Task List_WithoutCampaigns_SaysSo()
    {
        var (code, output, error) = await RunAsync("campaign", "list");

        Assert.Equal((0, "", "there are no campaigns that the key sees\n"), (code, output, error));
    }

    [Fact]
    public async Task Errors_OfADocument_NameNoMemberWhereThereIsNone()
    {
        await WriteAsync("mal.json", "{");

        var (malformed, _, error) = await RunAsync("campaign", "apply", _files.File("mal.json"));
        var (missing, _, refusal) = await RunAsync("campaign", "get", "nobody");

        Assert.Equal((2, 4), (malformed, missing));
        Assert.Contains("mal.json: came malformed JSON; expected a campaign document", error, StringComparison.Ordinal);
        Assert.StartsWith("flywheel: the engine answered 404 (No such campaign): campaign: came \"nobody\"", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Delete_WithoutAndWithYes_AsksAndDeletes()
    {
        await WriteAsync("a.json", Wire.Campaign([2], "\"id\":\"a\""));
        await DoneAsync("campaign", "apply", _files.File("a.json"));

        var (code, _, error) = await RunAsync("campaign", "delete", "a");
        Assert.Equal(2, code);
        Assert.Contains("--yes", error, StringComparison.Ordinal);
        var answer = await DoneAsync("campaign", "delete", "a", "--yes", "--json");

        Assert.Equal("deleted", JsonDocument.Parse(answer).RootElement.GetProperty("campaigns")[0].GetProperty("outcome").GetString());
        (code, _, error) = await RunAsync("campaign", "get", "a");
        Assert.Equal(4, code);
        Assert.Contains("404", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Commands_WithoutAKeyOrAnEngine_SaySo()
    {
        var url = _engine.Api.Http.BaseAddress!.ToString();
        var (code, _, error) = await CommandLine.RunAsync("campaign", "export", "--url", url);
        Assert.Equal(4, code);
        Assert.Contains("401", error, StringComparison.Ordinal);

        (code, _, error) = await CommandLine.RunAsync("campaign", "export", "--url", "http://127.0.0.1:1");
        Assert.Equal(5, code);
        Assert.Contains("could not be reached", error, StringComparison.Ordinal);

        (code, _, error) = await CommandLine.RunAsync("campaign", "get", "../x", "--url", url);
        Assert.Equal(2, code);
        Assert.Contains("[a-z0-9-]", error, StringComparison.Ordinal);
    }

    private Task WriteAsync(string name, string text) => File.WriteAllTextAsync(_files.File(name), text, Cancel);

    /// <summary>The key is in the environment, as people are told to have it.</summary>
    private Task<(int Code, string Output, string Error)> RunAsync(params string[] args) =>
        CommandLine.RunAsync(new Dictionary<string, string> { ["FLYWHEEL_KEY"] = _key }, [.. args, "--url", _engine.Api.Http.BaseAddress!.ToString()]);

    private async Task<string> DoneAsync(params string[] args)
    {
        var (code, output, error) = await RunAsync(args);
        Assert.True(code == 0, error);
        return output;
    }
}
