using System.Diagnostics;
using System.IO.Compression;
using System.Text.Json.Nodes;
using Flywheel.Silo.Tests;

namespace Flywheel.Cli.Tests.Packing;

/// <summary>The tool as its users get it: packed, installed from a folder, and run by its name.</summary>
public sealed class ToolTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Pack_InstalledFromAFolder_RunsAsFlywheel()
    {
        // The build that the tests were built with is the one that is packed.
        var configuration = AppContext.BaseDirectory.Contains("/Release/", StringComparison.Ordinal) ? "Release" : "Debug";
        var (packages, tools) = (_folder.File("packages"), _folder.File("tools"));
        var packing = await RunAsync("dotnet", "pack", Repository.File("src/Cli"), "--no-build", "-c", configuration, "-o", packages);
        Assert.DoesNotContain("readme", packing, StringComparison.OrdinalIgnoreCase);
        using (var package = await ZipFile.OpenReadAsync(Assert.Single(Directory.GetFiles(packages, "Flywheel.Cli.*.nupkg")), TestContext.Current.CancellationToken))
            Assert.NotNull(package.GetEntry("README.md"));
        await RunAsync("dotnet", "tool", "install", "Flywheel.Cli", "--tool-path", tools, "--source", packages);
        var flywheel = Path.Combine(tools, "flywheel");

        Assert.Matches(@"^\d+\.\d+\.\d+", await RunAsync(flywheel, "--version"));
        await File.WriteAllTextAsync(_folder.File("world.json"), """
            {"impressions":2000,"slots":[{"id":"s","modules":["a","b"]}],"segments":[{"id":"default","phases":[{"from":0,"rates":{"a":0.1,"b":0.3}}]}]}
            """, TestContext.Current.CancellationToken);
        var report = JsonNode.Parse(await RunAsync(flywheel, "simulate", _folder.File("world.json"), "--seeds", "2", "--json"))!;
        Assert.Equal(2, report["worlds"]![0]!["seeds"]!.AsArray().Count);
        // One that needs a native library of the package.
        await File.WriteAllTextAsync(_folder.File("flywheel.db"), "no database", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(_folder.File("token.key"), "", TestContext.Current.CancellationToken);
        var (code, _, error) = await StartAsync(flywheel, "backup", _folder.Path, _folder.File("copy"));
        Assert.Equal(2, code);
        Assert.Contains("not a database", error, StringComparison.Ordinal);
    }

    private static async Task<string> RunAsync(string program, params string[] args)
    {
        var (code, output, error) = await StartAsync(program, args);
        Assert.True(code == 0, $"{program} {string.Join(' ', args)} ended with {code}: {error}{output}");
        return output;
    }

    private static async Task<(int Code, string Output, string Error)> StartAsync(string program, params string[] args)
    {
        var start = new ProcessStartInfo(program, args) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = start.Environment["DOTNET_NOLOGO"] = "1";
        // Test runners set them for themselves; they would have the tool's host look elsewhere.
        foreach (var name in (string[])["MSBUILD_EXE_PATH", "MSBuildSDKsPath", "MSBuildExtensionsPath"])
            start.Environment.Remove(name);
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await error);
    }
}
