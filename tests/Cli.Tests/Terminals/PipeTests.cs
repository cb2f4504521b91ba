using Flywheel.Silo.Tests;

namespace Flywheel.Cli.Tests.Terminals;

/// <summary>What reads the output ends first.</summary>
public sealed class PipeTests(EngineFixture engine) : IClassFixture<EngineFixture>
{
    /// <summary>Nothing changes in the campaign, so nothing is written that could fail.</summary>
    [Theory]
    [InlineData("head -1", "watch", "piped")]
    [InlineData("head -1", "watch", "piped", "--json")]
    [InlineData("true", "campaign", "list")]
    [InlineData("true", "campaign", "export")]
    [InlineData("true", "campaign", "get", "piped", "--json")]
    [InlineData("true", "watch", "piped", "--once")]
    [InlineData("true", "completion", "bash")]
    public async Task Verb_WhoseReaderHasEnded_EndsWithoutAWord(string reader, params string[] args)
    {
        await engine.Api.PutAsync("/v1/campaigns/piped", Wire.Campaign([2]));

        await using var verb = RunningCommand.StartPiped(engine.Url, reader, args);

        Assert.Equal(0, await verb.ExitAsync());
        Assert.Equal("", verb.Errors.Replace("connected\n", "", StringComparison.Ordinal));
    }
}
