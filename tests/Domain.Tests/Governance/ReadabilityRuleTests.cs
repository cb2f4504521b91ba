using Flywheel.Domain.Governance;

namespace Flywheel.Domain.Tests.Governance;

public sealed class ReadabilityRuleTests
{
    private const string Rule = "readability";

    public static TheoryData<string> Loud => new()
    {
        "Runlighterrunlongerrunfartherrunhappier",
        string.Join(' ', Enumerable.Repeat("run", 36)),
        "RUN LIGHTER RUN LONGER TODAY",
        "COUREZ PLUS LÉGER DÈS DEMAIN",
        "Run lighter!!!",
        "Really?!?!",
        "Run ! ! !",
        "Wait....",
        "Soooooo light",
        "Run 👟👟👟👟",
        "-----> Run",
    };

    [Theory]
    [MemberData(nameof(Loud))]
    public void Check_CopyThatIsHardToRead_IsWarnedAboutAndNotBlocked(string text) => Assert.Equal(FindingSeverity.Warning, Drafts.Check(text).Gravest(Rule));

    public static TheoryData<string> Calm => new()
    {
        "Anticonstitutionnellement vôtre",
        "NASA & UNESCO",
        "ASTER : la foulée douce",
        "Ready? Go!",
        "Wait… what?",
        "Run 👟 walk ☕ rest 🛋️",
        string.Join(". ", Enumerable.Repeat("Run a little lighter", 20)),
    };

    [Theory]
    [MemberData(nameof(Calm))]
    public void Check_CalmCopy_Passes(string text) => Assert.Empty(Drafts.Check(text).Of(Rule));
}
