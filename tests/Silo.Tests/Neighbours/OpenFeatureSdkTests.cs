using System.ComponentModel;
using System.Diagnostics;

namespace Flywheel.Silo.Tests.Neighbours;

/// <summary>What OpenFeature's own SDK for Node makes of the engine: <c>OpenFeature/sdk.test.mjs</c>.</summary>
public sealed class OpenFeatureSdkTests
{
    [Fact]
    public async Task ServerSdk_WithItsOfrepProvider_ReadsSlotsAsFlags()
    {
        Assert.SkipUnless(await RunAsync("npm", "--version") is { Code: 0 }, "npm is missing");
        await using var engine = await Engine.StartAsync();
        (await engine.Api.PutAsync("/v1/campaigns/spring", Wire.Spring)).Expect(201);
        (await engine.Api.PutAsync("/v1/campaigns/asleep", Wire.Spring.Replace("\"live\"", "\"paused\"", StringComparison.Ordinal))).Expect(201);

        var installed = await RunAsync("npm", "ci", "--silent");
        Assert.True(installed.Code == 0, installed.Output);
        var tested = await RunAsync("node", ["--test", "sdk.test.mjs"], ("FLYWHEEL_URL", engine.Url.OriginalString.TrimEnd('/')));

        Assert.True(tested.Code == 0, tested.Output);
        Assert.Contains("pass 5", tested.Output, StringComparison.Ordinal);
        var scores = await Eventually.ReadsAsync(() => engine.Api.ScoresAsync("spring"), scores => scores.Ledger.Counted == 2, "both signals counted", scores => scores.Ledger.Counted);
        Assert.Equal(1, scores.Segments.Sum(segment => segment.Reward));
    }

    private static Task<(int Code, string Output)> RunAsync(string program, params string[] arguments) => RunAsync(program, arguments, ("NO_COLOR", "1"));

    private static async Task<(int Code, string Output)> RunAsync(string program, string[] arguments, (string Name, string Value) variable)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = Repository.File("tests/Silo.Tests/Neighbours/OpenFeature"),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment[variable.Name] = variable.Value;
        try
        {
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            return (process.ExitCode, output + await errors);
        }
        catch (Win32Exception)
        {
            return (-1, $"{program} cannot be started");
        }
    }
}
