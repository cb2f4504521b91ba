using System.Text;
using Flywheel.Domain.Campaigns;
using Flywheel.Domain.Governance.Proposals;

namespace Flywheel.Domain.Tests.Governance.Proposals;

public sealed class OwnerChangesTests
{
    private const string H1 = """{"id":"h1","content":{"text":"Run lighter"}}""";
    private const string H2 = """{"id":"h2","content":{"text":"Run further"}}""";
    private const string H3 = """{"id":"h3","content":{"text":"Run home"}}""";

    private static readonly DateTimeOffset Now = new(2026, 3, 2, 10, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Of_TheFirstDocument_IsCreated() => Assert.Equal(HistoryKind.Created, Assert.Single(OwnerChanges.Of(null, Document($"{H1},{H2}", 1, 1), Now)).Kind);

    [Fact]
    public void Of_TheSameDocument_SaysThatNothingChanged() =>
        Assert.Equal("nothing changed", Assert.Single(OwnerChanges.Of(Document($"{H1},{H2}", 1, 1), Document($"{H1},{H2}", 1, 1), Now)).Comment);

    [Fact]
    public void Of_AnotherDocument_NamesItsPartsAndItsModules()
    {
        var changes = OwnerChanges.Of(
            Document($"{H1},{H2}", 1, 1),
            Document("""{"id":"h1","content":{"text":"Run light"}},""" + H3, 2, 1, ""","brief":{"brand":"Aster"}"""), Now);

        Assert.Equal("changed slots, brief", changes[0].Comment);
        Assert.Equal(
            [(HistoryKind.Replaced, null, null), (HistoryKind.Changed, "h1", 2), (HistoryKind.Added, "h3", 1), (HistoryKind.Retired, "h2", 1)],
            changes.Select(entry => (entry.Kind, entry.Module, entry.Version)));
        Assert.All(changes, entry => Assert.Equal("person", entry.Actor));
        Assert.Equal([null, ProposalWriter.Person, ProposalWriter.Person, null], changes.Select(entry => entry.Writer));
        Assert.Equal("""{"text":"Run light"}""", changes[1].Content!.Content.Json);
        Assert.Equal("left out of the document", changes[3].Comment);
    }

    [Fact]
    public void Of_OtherAttributesAlone_IsAChangeOfTheModule() => Assert.Equal(
        [HistoryKind.Replaced, HistoryKind.Changed],
        OwnerChanges.Of(Document(H1, 1), Document("""{"id":"h1","content":{"text":"Run lighter"},"attributes":{"angle":"benefit"}}""", 1), Now).Select(entry => entry.Kind));

    [Fact]
    public void Untold_OverChanges_NumbersThemAndForgetsWhatWasTold()
    {
        HistoryEntry entry = new(Now, "person", HistoryKind.Status);

        var untold = UntoldHistory.None.With([entry, entry], told: 0).With([entry], told: 1);

        Assert.Equal([2, 3], untold.Entries.Select(each => each.Number));
        Assert.Equal([3], untold.After(2).Select(each => each.Number));
        var many = untold.With(Enumerable.Repeat(entry, UntoldHistory.Most), told: 0);
        Assert.Equal((UntoldHistory.Most, UntoldHistory.Most + 3), (many.Entries.Length, many.Entries[^1].Number));
        Assert.Equal([UntoldHistory.Most + 4], many.With([entry], told: UntoldHistory.Most + 3).Entries.Select(each => each.Number));
    }

    private static PublishedCampaign Document(string modules, params int[] versions) => Document(modules, versions, "");

    private static PublishedCampaign Document(string modules, int first, int second, string rest) => Document(modules, [first, second], rest);

    private static PublishedCampaign Document(string modules, int[] versions, string rest) => new()
    {
        Id = "spring",
        Incarnation = 1,
        Revision = 1,
        LayoutRevision = 1,
        Campaign = CampaignReader.Read("spring", Encoding.UTF8.GetBytes($$"""{"slots":[{"id":"headline","modules":[{{modules}}]}]{{rest}}}"""), out _)!,
        Versions = [[.. versions]],
    };
}
