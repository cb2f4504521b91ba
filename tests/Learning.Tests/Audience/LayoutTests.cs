using Flywheel.Benchmarks.Learning.Audience;

namespace Flywheel.Benchmarks.Learning.Tests.Audience;

public sealed class LayoutTests
{
    [Fact]
    public void CombinationOf_ArmsOfACombination_IsThatCombination()
    {
        var layout = new Layout([2, 3, 4]);
        var arms = new int[3];

        for (var combination = 0; combination < layout.Combinations; combination++)
        {
            layout.ArmsOf(combination, arms);
            Assert.Equal(combination, layout.CombinationOf(arms));
        }
        Assert.Equal((9, 24, 24), (layout.Arms, layout.Combinations, layout.Flat.Arms));
    }

    [Fact]
    public void ArmsOf_LastSlot_RunsFastest()
    {
        var arms = new int[2];

        new Layout([2, 3]).ArmsOf(4, arms);

        Assert.Equal([1, 3], arms);
    }
}
