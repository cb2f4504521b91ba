using System.Diagnostics;

namespace Flywheel.Benchmarks.Learning.Tests;

public sealed class ProgramTests : IDisposable
{
    private const string World = """
        { "name": "tiny", "impressions": 2000, "impressionsPerSecond": 200, "rewardDelaySeconds": 1,
          "slots": [ { "id": "headline", "modules": ["a","b"] }, { "id": "image", "modules": ["x","y"] } ],
          "segments": [
            { "id": "one", "share": 0.5, "phases": [ { "from": 0, "rates": { "a|x": 0.1, "a|y": 0.1, "b|x": 0.2, "b|y": 0.4 } } ] },
            { "id": "two", "share": 0.5, "phases": [ { "from": 0, "rates": { "a|x": 0.4, "a|y": 0.1, "b|x": 0.2, "b|y": 0.1 } } ] } ] }
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("flywheel-learning").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Program_TinyFamily_WritesTheSamePagesEachTime()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "families.json"), """[ { "name": "tiny" } ]""", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(_folder, "tiny.json"), World, TestContext.Current.CancellationToken);

        var (firstTable, firstChart) = await RunAsync();
        var (secondTable, secondChart) = await RunAsync();

        Assert.Matches(@"\| tiny \| 1 × 2,000 \|( (\*\*)?−?[0-9.]+(\*\*)? \([0-9.]+\) \|){10} – \|", firstTable);
        Assert.Equal(Rows(firstTable), Rows(secondTable));
        Assert.Equal(firstChart, secondChart);
    }

    [Fact]
    public async Task Program_NoSeeds_SaysHowToCallIt() => Assert.Equal(2, await ExitCodeAsync(_folder, _folder, "0"));

    private static IEnumerable<string> Rows(string table) => table.Split('\n').Where(line => line.StartsWith('|'));

    private async Task<(string Table, string Chart)> RunAsync()
    {
        Assert.Equal(0, await ExitCodeAsync(_folder, Path.Combine(_folder, "pages"), "2"));
        return (await File.ReadAllTextAsync(Path.Combine(_folder, "pages", "table.md"), TestContext.Current.CancellationToken),
            await File.ReadAllTextAsync(Path.Combine(_folder, "pages", "families.svg"), TestContext.Current.CancellationToken));
    }

    private static async Task<int> ExitCodeAsync(params string[] args)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Flywheel.Learning.dll"), .. args])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        await Task.WhenAll(output, error);
        return process.ExitCode;
    }
}
