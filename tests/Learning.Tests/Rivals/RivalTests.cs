using Flywheel.Benchmarks.Learning.Audience;
using Flywheel.Benchmarks.Learning.Rivals;

namespace Flywheel.Benchmarks.Learning.Tests.Rivals;

public sealed class RivalTests
{
    public static TheoryData<string> Names => [.. RivalKind.All.Select(kind => kind.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Rival_LargeGap_CapturesMostOfTheHeadroom(string name)
    {
        double[] rates = [0.05, 0.10, 0.10, 0.40];

        var captured = new Trial(Create(name, new Layout([2, 2]), 1), 1, (_, _) => rates).Captured(20_000);

        Assert.True(captured > 0.6, $"captured {captured}; expected more than 0.6");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Rival_WinnersOfTheirOwnBySegment_AreFoundUnlessItPools(string name)
    {
        double[][] rates = [[0.05, 0.40], [0.40, 0.05]];

        var captured = new Trial(Create(name, new Layout([2]), 2), 2, (_, segment) => rates[segment]).Captured(20_000);

        Assert.True(name == "pooled" ? captured < 0.2 : captured > 0.6, $"captured {captured}");
    }

    [Theory]
    [InlineData("disc")]
    [InlineData("window")]
    public void Rival_ThatForgets_RecoversFasterFromASwap(string name)
    {
        var forgetting = CapturedAfterSwap(name);
        var lasting = CapturedAfterSwap("hier ×4");

        Assert.True(forgetting > lasting + 0.1, $"{name} captured {forgetting} after the swap, hier ×4 {lasting}");
    }

    [Fact]
    public void Flat_WhereModulesOnlyWorkTogether_FindsWhatSlotsByThemselvesCannot()
    {
        // Each slot by itself sees a tie at best; the pair that works is one of two.
        double[] rates = [0.30, 0.02, 0.02, 0.25];

        Assert.True(new Trial(Create("flat", new Layout([2, 2]), 1), 1, (_, _) => rates).Captured(20_000) > 0.6);
    }

    private static double CapturedAfterSwap(string name)
    {
        // Long enough before, beside a memory of 10,000, for what lasts to be sure of the old winner.
        const int Swap = 60_000;
        double[] before = [0.10, 0.05, 0.05];
        double[] after = [0.05, 0.10, 0.05];
        var trial = new Trial(Create(name, new Layout([3]), 1), 1, (impression, _) => impression < Swap ? before : after);
        trial.Captured(Swap);
        return trial.Captured(20_000);
    }

    private static IRival Create(string name, Layout layout, int segments) =>
        RivalKind.All.Single(kind => kind.Name == name).Create(layout, segments, new RandomStream(5));
}
