using System.Text.Json.Nodes;
using Flywheel.Silo.Tests;

namespace Flywheel.Cli.Tests;

/// <summary>One engine for the tests of a class, each with a campaign of its own.</summary>
public sealed class EngineFixture : IAsyncLifetime
{
    private readonly TempFolder _data = new();
    private EngineProcess _engine = null!;

    public Uri Url => _engine.Api.Http.BaseAddress!;

    public Api Api => _engine.Api;

    public async ValueTask InitializeAsync() => _engine = await EngineProcess.StartAsync(_data);

    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        _data.Dispose();
    }

    /// <summary>Runs a verb that is to succeed; returns what it printed.</summary>
    public async Task<string> DoneAsync(params string[] args)
    {
        var (code, output, error) = await CommandLine.RunAsync(Url, args);
        Assert.True(code == 0, $"{code}: {error}{output}");
        return output;
    }

    /// <summary>As <see cref="DoneAsync"/>, with <c>--json</c>.</summary>
    public async Task<JsonNode> JsonAsync(params string[] args) => JsonNode.Parse(await DoneAsync([.. args, "--json"]))!;
}
