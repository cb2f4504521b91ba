using System.Text;
using System.Text.Json;
using Flywheel.Domain.Campaigns;
using Flywheel.Domain.Governance;

namespace Flywheel.Domain.Tests.Governance;

public sealed class AmendmentsTests
{
    private static readonly Campaign Document = Read("""{"slots":[{"id":"headline","modules":[{"id":"h1"},{"id":"h2"}]},{"id":"image","modules":[{"id":"i1"}]}]}""");

    [Fact]
    public void Add_NewModule_GoesOnTrialWithItsBound()
    {
        var outcome = Amendments.Apply(Document, Eligibility.All, Adding("h3", 0.1));

        Assert.Equal(["h1", "h2", "h3"], ModulesOf(outcome));
        Assert.Equal([new Challenger("headline", "h3", 0.1)], outcome.Eligibility!.Challengers);
        Assert.Equal(0.1, outcome.Eligibility.MaxShareOf("headline", "h3"));
        Assert.Equal(1, outcome.Eligibility.MaxShareOf("headline", "h1"));
    }

    [Fact]
    public void Add_Twice_ChangesNothingTheSecondTime()
    {
        var once = Amendments.Apply(Document, Eligibility.All, Adding("h3", 0.1));

        var twice = Amendments.Apply(once.Document!, once.Eligibility!, Adding("h3", 0.1));

        Assert.Same(once.Document, twice.Document);
        Assert.Equal(once.Eligibility, twice.Eligibility);
    }

    [Fact]
    public void Add_WithOneToRetire_TakesItsPlace()
    {
        var outcome = Amendments.Apply(Document, Eligibility.All, Adding("h3", 0.1) with { Retires = "h1" });

        Assert.Equal(["h2", "h3"], ModulesOf(outcome));
    }

    [Fact]
    public void Add_SameIdWithOtherContent_IsRefused() =>
        Assert.Equal("headline has another module h1", Amendments.Apply(Document, Eligibility.All, Adding("h1", 0.1)).Refused);

    [Fact]
    public void Add_ToAFullSlot_IsRefused()
    {
        var full = Document with { Slots = [Document.Slots[0] with { Modules = [.. Enumerable.Range(0, Limits.ModulesPerSlot).Select(i => new Module { Id = $"m{i}" })] }] };

        Assert.Equal("headline has 32 modules, which is the most", Amendments.Apply(full, Eligibility.All, Adding("h3", 0.1)).Refused);
    }

    [Fact]
    public void Promote_Challenger_IsBoundNoMore()
    {
        var added = Amendments.Apply(Document, Eligibility.All, Adding("h3", 0.1));

        var promoted = Amendments.Apply(added.Document!, added.Eligibility!, new Amendment(AmendmentKind.Promote, "headline", "h3"));

        Assert.Same(added.Document, promoted.Document);
        Assert.Empty(promoted.Eligibility!.Challengers);
    }

    [Fact]
    public void Stop_Module_LeavesItOutOfEveryLaterDocumentUntilItIsResumed()
    {
        var stopped = Amendments.Apply(Document, Eligibility.All, new Amendment(AmendmentKind.Stop, "headline", "h1"));

        Assert.Equal(["h2"], ModulesOf(stopped));
        Assert.True(stopped.Eligibility!.IsStopped("headline", "h1"));
        Assert.Equal(["h2"], stopped.Eligibility.Strip(Document).Slots[0].Modules.Select(module => module.Id));
        var resumed = Amendments.Apply(stopped.Document!, stopped.Eligibility, new Amendment(AmendmentKind.Resume, "headline", "h1"));
        Assert.Equal(["h2", "h1"], ModulesOf(resumed));
        Assert.Empty(resumed.Eligibility!.Stopped);
    }

    [Fact]
    public void Stop_Challenger_EndsItsTrial()
    {
        var added = Amendments.Apply(Document, Eligibility.All, Adding("h3", 0.1));

        var stopped = Amendments.Apply(added.Document!, added.Eligibility!, new Amendment(AmendmentKind.Stop, "headline", "h3"));

        Assert.Empty(stopped.Eligibility!.Challengers);
    }

    [Theory]
    [InlineData(AmendmentKind.Stop, "image", "i1", false, "i1 is the only module of image")]
    [InlineData(AmendmentKind.Stop, "headline", "h9", true, "headline has no module h9; it has h1, h2")]
    [InlineData(AmendmentKind.Stop, "sound", "h1", true, "there is no slot sound; there are headline, image")]
    [InlineData(AmendmentKind.Resume, "headline", "h9", true, "headline has no stopped module h9")]
    public void Apply_WhatCannotBe_SaysWhy(AmendmentKind kind, string slot, string module, bool isMissing, string why)
    {
        var outcome = Amendments.Apply(Document, Eligibility.All, new Amendment(kind, slot, module));

        Assert.Null(outcome.Document);
        Assert.Equal(isMissing, outcome.IsMissing);
        Assert.StartsWith(why, outcome.Refused);
    }

    [Fact]
    public void For_DocumentWithoutTheChallenger_EndsItsTrial()
    {
        var added = Amendments.Apply(Document, Eligibility.All, Adding("h3", 0.1));

        Assert.Equal(Eligibility.All, added.Eligibility!.For(Document));
    }

    [Fact]
    public void Pin_Module_LeavesTheOthersOfItsSlotNothing()
    {
        var pinned = Amendments.Apply(Document, Eligibility.All, new Amendment(AmendmentKind.Pin, "headline", "h2"));

        Assert.Same(Document, pinned.Document);
        Assert.Equal((0, 1, 1), (pinned.Eligibility!.MaxShareOf("headline", "h1"), pinned.Eligibility.MaxShareOf("headline", "h2"), pinned.Eligibility.MaxShareOf("image", "i1")));
        Assert.Same(pinned.Eligibility, Amendments.Apply(Document, pinned.Eligibility, new Amendment(AmendmentKind.Pin, "headline", "h2")).Eligibility);
        var other = Amendments.Apply(Document, pinned.Eligibility, new Amendment(AmendmentKind.Pin, "headline", "h1")).Eligibility!;
        Assert.Equal("h1", other.PinnedOf("headline"));
        Assert.Equal(Eligibility.All, Amendments.Apply(Document, other, new Amendment(AmendmentKind.Unpin, "headline", "h1")).Eligibility);
        Assert.Same(other, Amendments.Apply(Document, other, new Amendment(AmendmentKind.Unpin, "headline", "h2")).Eligibility);
    }

    [Fact]
    public void Pin_ModuleOnTrial_LiftsItsBoundUntilItIsUnpinned()
    {
        var added = Amendments.Apply(Document, Eligibility.All, Adding("h3", 0.1));

        var pinned = Amendments.Apply(added.Document!, added.Eligibility!, new Amendment(AmendmentKind.Pin, "headline", "h3"));
        Assert.Equal((1, 0.1), (pinned.Eligibility!.MaxShareOf("headline", "h3"), pinned.Eligibility.TrialShareOf("headline", "h3")));

        var unpinned = Amendments.Apply(added.Document!, pinned.Eligibility, new Amendment(AmendmentKind.Unpin, "headline", "h3"));
        Assert.Equal(added.Eligibility, unpinned.Eligibility);
    }

    [Theory]
    [InlineData(AmendmentKind.Stop)]
    [InlineData(AmendmentKind.Retire)]
    public void TakeOut_OfThePinnedModule_UnpinsItsSlot(AmendmentKind kind)
    {
        var pinned = Amendments.Apply(Document, Eligibility.All, new Amendment(AmendmentKind.Pin, "headline", "h2"));

        var without = Amendments.Apply(Document, pinned.Eligibility!, new Amendment(kind, "headline", "h2"));

        Assert.Null(without.Eligibility!.PinnedOf("headline"));
        Assert.Equal(1, without.Eligibility.MaxShareOf("headline", "h1"));
    }

    [Fact]
    public void For_DocumentWithoutThePinnedModule_UnpinsIt() =>
        Assert.Equal(Eligibility.All, Eligibility.All.WithPinned("headline", "h9").For(Document));

    [Fact]
    public void Pin_WhatIsNotServed_IsRefused()
    {
        var missing = Amendments.Apply(Document, Eligibility.All, new Amendment(AmendmentKind.Pin, "headline", "h9"));
        Assert.True(missing.IsMissing);
        var stopped = Amendments.Apply(Document, Eligibility.All, new Amendment(AmendmentKind.Stop, "headline", "h2"));
        Assert.Equal("headline/h2 is stopped; resume it first", Amendments.Apply(stopped.Document!, stopped.Eligibility!, new Amendment(AmendmentKind.Pin, "headline", "h2")).Refused);
    }

    [Fact]
    public void Resume_WhatWasStoppedOnTrial_IsOnTrialAgain()
    {
        var added = Amendments.Apply(Document, Eligibility.All, Adding("h3", 0.1));
        var stopped = Amendments.Apply(added.Document!, added.Eligibility!, new Amendment(AmendmentKind.Stop, "headline", "h3"));
        Assert.Empty(stopped.Eligibility!.Challengers);

        var resumed = Amendments.Apply(stopped.Document!, stopped.Eligibility, new Amendment(AmendmentKind.Resume, "headline", "h3"));

        Assert.Equal(added.Eligibility, resumed.Eligibility);
        Assert.Equal(["h1", "h2", "h3"], ModulesOf(resumed));
    }

    [Fact]
    public void For_ADocumentThatWordsAModuleOnTrialDifferently_EndsItsTrialAlone()
    {
        var added = Amendments.Apply(Document, Eligibility.All, Adding("h3", 0.1));
        var both = Amendments.Apply(added.Document!, added.Eligibility!, Adding("h4", 0.2) with { Module = new Module { Id = "h4" } });
        Campaign Reworded(string json) => both.Document! with
        {
            Slots = [both.Document!.Slots[0] with { Modules = [.. both.Document.Slots[0].Modules.Select(module => module.Id == "h3" ? module with { Content = ModuleContent.From(JsonElement.Parse(json)) } : module)] }, both.Document.Slots[1]],
        };

        Assert.Equal([new Challenger("headline", "h4", 0.2)], both.Eligibility!.For(Reworded("""{"text":"Newer"}"""), both.Document!).Challengers);
        Assert.Equal(both.Eligibility, both.Eligibility.For(Reworded("""{"text":"New"}"""), both.Document!));
    }

    private static Amendment Adding(string id, double maxShare) => new(AmendmentKind.Add, "headline", id)
    {
        Module = new Module { Id = id, Content = ModuleContent.From(JsonElement.Parse("""{"text":"New"}""")) },
        MaxShare = maxShare,
    };

    private static IEnumerable<string> ModulesOf(AmendmentOutcome outcome) => outcome.Document!.Slots[0].Modules.Select(module => module.Id);

    private static Campaign Read(string json) => CampaignReader.Read("c", Encoding.UTF8.GetBytes(json), out _)!;
}
