using Flywheel.Agents.Offline;

namespace Flywheel.Agents.Tests.Offline;

public sealed class BannedWordsTests
{
    [Theory]
    [InlineData("guaranteed", "A guarantee for you", true)]
    [InlineData("guaranteed", "GUARANTEES", true)]
    [InlineData("guaranteed", "g u a r a n t e e d", true)]
    [InlineData("gratuit", "Livraison gratuite", true)]
    [InlineData("été", "Cet ETE", true)]
    [InlineData("pas cher", "C’est pas cher", true)]
    [InlineData("pas cher", "Pas si cher", false)]
    [InlineData("art", "A departure", false)]
    [InlineData("%", "20 % off", true)]
    [InlineData("", "Anything", false)]
    [InlineData("guaranteed", "Run lighter", false)]
    public void In_AText_FindsEveryForm(string never, string text, bool found) =>
        Assert.Equal(found ? never : null, new BannedWords([never]).In(text));
}
