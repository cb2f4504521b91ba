using Flywheel.Silo.Tests;

namespace Flywheel.Samples.Tests;

public sealed class CrmImportTests
{
    private const string Shoes = """
        {"slots":[{"id":"headline","modules":[{"id":"light","content":{"text":"Run lighter"}},{"id":"knees","content":{"text":"What your knees wish you knew"}}]}],
         "segments":[{"id":"young","match":{"age":{"lt":30}}}],"rewards":{"click":1,"conversion":5}}
        """;

    [Fact]
    public async Task Export_ImportedTwice_CountsOnce()
    {
        using var data = new TempFolder();
        await using var engine = await EngineProcess.StartAsync(data);
        (await engine.Api.PutAsync("/v1/campaigns/shoes", Shoes)).Expect(201);
        var decision = await engine.Api.DecideAsync("shoes");
        var export = data.File("export.csv");
        File.Copy(Repository.File("samples/CrmImport/export.csv"), export);
        await File.AppendAllTextAsync(export, $"order-77,{decision.DecisionId},,,,conversion,,49.9,\n", TestContext.Current.CancellationToken);

        for (var times = 0; times < 2; times++)
        {
            var (code, output) = await SampleProcess.RunDotnetAsync("CrmImport", export, engine.Api.Http.BaseAddress!.ToString());
            Assert.True(code == 0, output);
            Assert.Contains("3 accepted, 0 rejected", output, StringComparison.Ordinal);
        }

        var scores = await Eventually.ReadsAsync(() => engine.Api.ScoresAsync("shoes"), scores => scores.Ledger.Accepted == 6, "both imports", scores => scores.Ledger);
        Assert.Equal((3, 3), (scores.Ledger.Counted, scores.Ledger.Duplicate));
        Assert.Equal(5, scores.Segments.Sum(segment => segment.Reward));
        Assert.Equal(31, scores.Segments.Single(segment => segment.Id == "young").Slots[0].Modules.Single(module => module.Id == "knees").Observed!.Reward);
    }

    [Fact]
    public async Task Export_WithALineThatIsWrong_NamesTheLineAndTakesTheRest()
    {
        using var data = new TempFolder();
        await using var engine = await EngineProcess.StartAsync(data);
        (await engine.Api.PutAsync("/v1/campaigns/shoes", Shoes)).Expect(201);
        var export = data.File("export.csv");
        var lines = await File.ReadAllLinesAsync(Repository.File("samples/CrmImport/export.csv"), TestContext.Current.CancellationToken);
        await File.WriteAllLinesAsync(export, [lines[0], "order-1,no-decision,,,,conversion,,,", .. lines[1..]], TestContext.Current.CancellationToken);

        var (code, output) = await SampleProcess.RunDotnetAsync("CrmImport", export, engine.Api.Http.BaseAddress!.ToString());

        Assert.Equal(1, code);
        Assert.Contains("line 2: ", output, StringComparison.Ordinal);
        Assert.Contains("2 accepted, 1 rejected", output, StringComparison.Ordinal);
    }
}
