using Flywheel.Domain.Learning;

namespace Flywheel.Domain.Tests.Learning;

public sealed class SegmentCountsTests
{
    private static readonly SegmentCounts Counts = new(1, default,
    [
        new ChannelTally("", new(10, 9, 3), new(1, 1, 0), default, [new(5, TallySource.Learned, 9, 3), new(5, TallySource.Control, 1, 0)]),
        new ChannelTally("email", new(20, 18, 6), default, new(0, 4, 2), [new(5, TallySource.Learned, 18, 6), new(7, TallySource.Observed, 4, 2)]),
    ]);

    [Fact]
    public void SumModules_OverChannels_AddsEachSourceApart()
    {
        var sums = Counts.SumModules();

        Assert.Equal((27, 9), sums[(5, TallySource.Learned)]);
        Assert.Equal((1, 0), sums[(5, TallySource.Control)]);
        Assert.Equal((4, 2), sums[(7, TallySource.Observed)]);
    }

    [Fact]
    public void SumModules_OfOneChannel_LeavesTheOthersOut() => Assert.Equal([((5, TallySource.Learned), (9, 3)), ((5, TallySource.Control), (1, 0))],
        Counts.SumModules("").Select(sum => (((int)sum.Key.Module, sum.Key.Source), ((int)sum.Value.Impressions, (int)sum.Value.RewardMicros))));

    [Theory]
    [InlineData(TallySource.Learned, null, 30, 27, 9)]
    [InlineData(TallySource.Learned, "email", 20, 18, 6)]
    [InlineData(TallySource.Control, null, 1, 1, 0)]
    [InlineData(TallySource.Observed, null, 0, 4, 2)]
    [InlineData(TallySource.Learned, "push", 0, 0, 0)]
    public void Sum_OfAGroup_AddsItsChannels(TallySource source, string? channel, long decisions, long impressions, long rewardMicros) =>
        Assert.Equal(new GroupTally(decisions, impressions, rewardMicros), Counts.Sum(source, channel));

    [Theory]
    [InlineData(10, 7, 1, 1, 1, true)]
    [InlineData(10, 7, 1, 1, 0, false)]
    public void Balances_ALedger_WhereEverySignalWentSomewhere(long accepted, long counted, long duplicate, long late, long quarantined, bool balances) =>
        Assert.Equal(balances, new SignalLedger(accepted, counted, duplicate, late, quarantined).Balances);
}
