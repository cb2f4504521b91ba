using Flywheel.Domain.Experiments.OffPolicy;

namespace Flywheel.Domain.Tests.Experiments.OffPolicy;

public sealed class TargetPolicyTests
{
    [Fact]
    public void In_ContextsKnownAndUnknown_GivesTheirOwnRowsOrThoseOfTheEmptyContext()
    {
        var policy = new TargetPolicy([("", "a", 1), ("u", "b", 1)]);

        Assert.Equal(1, policy.In("u")!["b"]);
        Assert.Equal(1, policy.In("v")!["a"]);
        Assert.Null(new TargetPolicy([("u", "b", 1)]).In("v"));
    }

    [Theory]
    [InlineData(1 + 5e-7, true)]
    [InlineData(1 - 5e-7, true)]
    [InlineData(1 + 2e-6, false)]
    [InlineData(0.5, false)]
    public void Constructor_ProbabilitiesThatSumTo_AreTakenWithinOneInAMillion(double sum, bool isTaken)
    {
        var thrown = Record.Exception(() => new TargetPolicy([("u", "a", sum - 0.25), ("u", "b", 0.25)]));

        Assert.Equal(isTaken, thrown is null);
        Assert.True(isTaken || thrown is ArgumentException);
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    [InlineData(double.NaN)]
    public void Constructor_NoProbability_Throws(double probability) =>
        Assert.Throws<ArgumentException>(() => new TargetPolicy([("", "a", probability)]));

    [Fact]
    public void Constructor_ActionTwice_Throws() => Assert.Throws<ArgumentException>(() => new TargetPolicy([("", "a", 0.5), ("", "a", 0.5)]));
}
