using Flywheel.Domain.Learning;

namespace Flywheel.Domain.Tests.Learning;

public sealed class FitMemoTests
{
    private static readonly ModuleEffectsLearner Learner = new();

    /// <summary>Fits on the way through histories in which rates change, rewards come late and buckets are joined.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(4_000)]
    public void Fit_WithAMemo_IsTheSameToTheBit(double delayMs)
    {
        for (var seed = 0; seed < 5; seed++)
        {
            var (timeline, memo) = (new Timeline(seed, 3, 2), new FitMemo());
            for (var step = 0; step < 40; step++)
            {
                var better = step / 20;
                var input = timeline.Serve(400, [0.5, 0.3, 0.2], served => served[0] == better ? 0.05 : 0.03, delayMs).Input();

                var (with, without) = (Learner.Fit(input with { Memo = memo }), Learner.Fit(input));

                Assert.Equal(without.Modules.SelectMany(slot => slot), with.Modules.SelectMany(slot => slot));
                Assert.Equal(without.Policy.Draws(), with.Policy.Draws());
            }
        }
    }

    [Fact]
    public void Fit_WithTheMemoOfAnotherLayout_IsTheSameToTheBit()
    {
        var timeline = new Timeline(1, 3).Serve(5_000, [0.4, 0.3, 0.3], served => 0.02 + 0.01 * served[0]);
        var memo = new FitMemo();
        Learner.Fit(timeline.Input() with { Memo = memo });
        var fewer = timeline.Input() with { Slots = [[Timeline.Key(0, 2), Timeline.Key(0, 0)]] };

        Assert.Equal(Learner.Fit(fewer).Policy.Draws(), Learner.Fit(fewer with { Memo = memo }).Policy.Draws());
    }
}
