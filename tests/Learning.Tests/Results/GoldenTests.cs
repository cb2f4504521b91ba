using Flywheel.Benchmarks.Learning.Results;

namespace Flywheel.Benchmarks.Learning.Tests.Results;

/// <summary>The checked-in pages, on made-up numbers. On a failure the page is beside the test's assembly, to review and to copy to Fixtures.</summary>
public sealed class GoldenTests
{
    private static readonly string[] Rivals = ["Beta TS", "hier ×4", "flat"];

    private static readonly FamilyResult[] Families =
    [
        new("headlines", 40, 20_000, 58, new Contestant("learner", [56, 58, 60]), [new Contestant("Beta TS", [47, 49, 50]), new Contestant("hier ×4", [53, 54, 56])]),
        new("own & odd", 2, 500, null, new Contestant("learner", [-4, -2, 0]), [new Contestant("Beta TS", [1, 2, 3]), new Contestant("flat", [-8, -7.5, -7])]),
    ];

    [Fact]
    public void TableWriter_MadeUpResults_WritesTheGoldenPage() =>
        AssertGolden("table.md", TableWriter.Write(new RunInfo("benchmarks/learning/run.sh --seeds 3", 3, "2 cores (made up)", 12.4), Rivals, Families));

    [Fact]
    public void FamilyChart_MadeUpResults_WritesTheGoldenPicture() => AssertGolden("families.svg", FamilyChart.Write(3, Rivals, Families));

    private static void AssertGolden(string name, string page)
    {
        File.WriteAllText(Path.Combine(AppContext.BaseDirectory, $"actual-{name}"), page);
        Assert.Equal(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Fixtures", name)), page);
    }
}
