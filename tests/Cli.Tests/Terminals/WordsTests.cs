using Flywheel.Cli.Terminals;

namespace Flywheel.Cli.Tests.Terminals;

public sealed class WordsTests
{
    [Theory]
    [InlineData(0, "0 decisions")]
    [InlineData(1, "1 decision")]
    [InlineData(2, "2 decisions")]
    [InlineData(12_345, "12,345 decisions")]
    public void Count_OfAny_AgreesWithItsNumber(double count, string expected) => Assert.Equal(expected, Words.Count(count, "decision"));
}
