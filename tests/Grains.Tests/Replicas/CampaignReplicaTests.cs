using Flywheel.Abstractions.Campaigns;
using Flywheel.Abstractions.Replicas;
using Flywheel.Decisions;
using Flywheel.Domain.Campaigns;
using Flywheel.Domain.Learning;
using Flywheel.Domain.Learning.Effects;
using Flywheel.Grains.Replicas;

namespace Flywheel.Grains.Tests.Replicas;

/// <summary>Messages to a replica may be lost, repeated and reordered: the newest stays.</summary>
public sealed class CampaignReplicaTests(EngineFixture fixture) : IClassFixture<EngineFixture>
{
    private readonly CampaignReplica _replica = new(fixture.Engine.Store, new ModuleEffectsLearner(), TimeProvider.System);

    [Fact]
    public void Put_OlderRevisionOrLife_IsPassedOver()
    {
        _replica.Put(Published(incarnation: 2, revision: 3));
        _replica.Put(Published(incarnation: 2, revision: 2));
        _replica.Put(Published(incarnation: 1, revision: 9));
        Assert.Equal((2UL, 3L), (Current.Incarnation, Current.Revision));

        _replica.Put(Published(incarnation: 3, revision: 1));
        Assert.Equal((3UL, 1L), (Current.Incarnation, Current.Revision));
    }

    [Theory]
    [InlineData(2, 2)]
    [InlineData(1, 9)]
    [InlineData(2, 4)]
    public void PutAnswer_NothingToldSinceItWasAsked_ReplacesAlsoALaterRevisionOrLife(ulong incarnation, long revision)
    {
        _replica.Put(Published(incarnation: 2, revision: 3, layout: 3));

        _replica.PutAnswer(Published(incarnation, revision, layout: 2), _replica.Find("spring"));

        Assert.Equal((incarnation, revision, 2), (Current.Incarnation, Current.Revision, Current.LayoutRevision));
    }

    [Fact]
    public void PutAnswer_NewerWasToldSinceItWasAsked_IsPassedOver()
    {
        _replica.Put(Published(incarnation: 2, revision: 3));
        var asked = _replica.Find("spring");
        _replica.Put(Published(incarnation: 2, revision: 5));
        _replica.PutAnswer(Published(incarnation: 2, revision: 4), asked);
        Assert.Equal(5, Current.Revision);

        _replica.PutAnswer(Published(incarnation: 2, revision: 6), asked);
        Assert.Equal(6, Current.Revision);
    }

    [Fact]
    public void PutAnswer_WhatThisSiloHas_ChangesNothing()
    {
        _replica.Put(Published(incarnation: 2, revision: 3));
        var before = _replica.Find("spring");

        _replica.PutAnswer(Published(incarnation: 2, revision: 3), before);

        Assert.Same(before, _replica.Find("spring"));
    }

    [Fact]
    public void Put_CampaignThatIsBeingDeleted_IsNotServed()
    {
        _replica.Put(Published(1, 1) with { Deleting = true });

        Assert.Null(_replica.Find("spring"));
    }

    [Fact]
    public void Remove_OlderLife_LeavesTheNewerOne()
    {
        _replica.Put(Published(incarnation: 2, revision: 1));
        _replica.Remove("spring", incarnation: 1);
        Assert.NotNull(_replica.Find("spring"));

        _replica.Remove("spring", incarnation: 2);
        Assert.Null(_replica.Find("spring"));
        _replica.Remove("spring", incarnation: 2);
    }

    [Fact]
    public void Put_FitThatIsOlderOrOfAnotherLayoutOrLife_IsPassedOver()
    {
        _replica.Put(Published(incarnation: 2, revision: 1));
        _replica.Put(Fit(incarnation: 2, layout: 1, counts: 5));
        var served = _replica.Find("spring")!.Default.Served;
        _replica.Put(Fit(incarnation: 2, layout: 1, counts: 4));
        _replica.Put(Fit(incarnation: 2, layout: 2, counts: 6));
        _replica.Put(Fit(incarnation: 1, layout: 1, counts: 6));
        _replica.Put(Fit(incarnation: 2, layout: 1, counts: 6) with { Segment = "nobody" });
        _replica.Put(Fit(incarnation: 2, layout: 1, counts: 6) with { Campaign = "nobody" });

        Assert.Equal(5, served!.Counts.Version);
        Assert.Same(served, _replica.Find("spring")!.Default.Served);
    }

    [Fact]
    public void Put_RevisionOfTheSameLayout_KeepsWhatIsServed()
    {
        _replica.Put(Published(1, 1));
        _replica.Put(Fit(1, 1, counts: 5));
        _replica.Find("spring")!.Default.Traffic.Of("").Add(Group.Control, 0.05, hasUnit: false);
        var before = _replica.Find("spring")!;
        _replica.Put(Published(incarnation: 1, revision: 2));

        Assert.Same(before.Default, _replica.Find("spring")!.Default);
        Assert.Same(before.Prior, _replica.Find("spring")!.Prior);
    }

    [Fact]
    public void Put_LayoutChanged_KeepsCountsAndRefitsForTheNewLayoutAtOnce()
    {
        _replica.Put(Published(1, 1));
        _replica.Put(Fit(1, 1, counts: 5));
        _replica.Put(Published(incarnation: 1, revision: 2, layout: 2));
        var campaign = _replica.Find("spring")!;

        Assert.Equal(5, campaign.Default.Served!.Counts.Version);
        Assert.Equal(7, campaign.PolicyOf(campaign.Default).Version);
        Assert.Null(campaign.Segment("young")!.Served);
        _replica.Put(Fit(1, 2, counts: 6));
        Assert.Equal(6, campaign.Default.Served!.Counts.Version);
    }

    [Fact]
    public void PolicyOf_PolicyThatIsMissed_IsTheUniformOneUntilItComes()
    {
        _replica.Put(Published(1, 1));
        var campaign = _replica.Find("spring")!;
        campaign.Miss(campaign.Default, countsVersion: 5);

        var standIn = campaign.PolicyOf(campaign.Default);
        Assert.True(standIn.IsFallback);
        Assert.Equal(6, standIn.Version);
        Assert.False(campaign.PolicyOf(campaign.Segment("young")!).IsFallback);
        _replica.Put(Fit(1, 1, counts: 5));
        Assert.False(campaign.PolicyOf(campaign.Default).IsFallback);
    }

    [Fact]
    public async Task NextAsync_OnAnyChange_Completes()
    {
        _replica.Put(Published(1, 1));
        var changes = _replica.Find("spring")!.Changes;
        foreach (var change in (Action[])[() => _replica.Put(Fit(1, 1, 1)), () => _replica.Put(Published(1, 2)), () => _replica.Put(Published(1, 3, layout: 3)), () => _replica.Remove("spring", 1)])
        {
            var (next, version) = (changes.NextAsync(), changes.Version);
            Assert.False(next.IsCompleted);
            change();
            await next.Guarded();
            Assert.True(changes.Version > version);
        }
    }

    [Fact]
    public void Resolve_MoreChannelsThanAreKept_IsOther()
    {
        var names = new ChannelNames();
        var resolved = Enumerable.Range(0, 20).Select(i => names.Resolve($"channel-{i}")).ToArray();

        Assert.Equal(16, resolved.Count(name => name != ChannelNames.Other));
        Assert.Equal((ChannelNames.Other, "channel-3", "", "", ChannelNames.Other), (names.Resolve("channel-99"), names.Resolve("channel-3"), names.Resolve(null), names.Resolve(""), names.Resolve("No Id")));
        Assert.Equal("channel-3"u8, names.Utf8("channel-3"));
        Assert.Equal("other"u8, names.Utf8(ChannelNames.Other));
        Assert.Equal(""u8, names.Utf8(""));
    }

    [Fact]
    public void TryTake_OfTraffic_TellsEachDecisionOnce()
    {
        var counter = new TrafficCounter(new ServedMark());
        Assert.False(counter.TryTake(out _, out _, out _));
        counter.Add(Group.Learned, 0.25, hasUnit: false);
        counter.Add(Group.Learned, 0.25, hasUnit: true);
        counter.Add(Group.Control, 0.5, hasUnit: false);

        Assert.True(counter.TryTake(out var learned, out var control, out var assignment));
        Assert.Equal((2, 1, new Assignment(2, 1, 750_000)), (learned, control, assignment));
        Assert.False(counter.TryTake(out _, out _, out _));
        counter.Add(Group.Control, 0.25, hasUnit: true);
        Assert.True(counter.TryTake(out learned, out control, out assignment));
        Assert.Equal((0, 1, default(Assignment)), (learned, control, assignment));
    }

    [Fact]
    public void Unreported_OfACampaign_IsSetByAnyDecisionAlsoUnderAnEarlierLayout()
    {
        _replica.Put(Published(1, 1));
        var before = _replica.Find("spring")!;
        Assert.False(before.Unreported.TryTake());
        before.Segment("young")!.Traffic.Of("web").Add(Group.Learned, 0, hasUnit: true);
        Assert.True(before.Unreported.TryTake());
        Assert.False(before.Unreported.TryTake());

        _replica.Put(Published(incarnation: 1, revision: 2, layout: 2));
        before.Default.Traffic.Of("").Add(Group.Control, 0.05, hasUnit: false);

        Assert.True(_replica.Find("spring")!.Unreported.TryTake());
    }

    [Fact]
    public void PutSegment_OfALaterOwnerWithLowerVersion_Replaces()
    {
        _replica.Put(Published(1, 1));
        _replica.Put(Fit(1, 1, counts: 9, epoch: 5));

        _replica.Put(Fit(1, 1, counts: 3, epoch: 6));
        _replica.Put(Fit(1, 1, counts: 10, epoch: 5));

        Assert.Equal((6, 3), (_replica.Find("spring")!.Default.Served!.Epoch, _replica.Find("spring")!.Default.Served!.Counts.Version));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void LearnWidths_CampaignsWhoseEffectsAreWide_AreExpectedOfAllUnlessTheyAreSimulated(bool simulated)
    {
        for (var i = 0; i < 60; i++)
            PutWide($"campaign-{i}", simulated);
        Assert.Equal(EffectWidths.Archive, WidthsOf("campaign-0"));

        _replica.LearnWidths();

        if (simulated)
            Assert.Equal(EffectWidths.Archive, WidthsOf("campaign-0"));
        else
            Assert.InRange(WidthsOf("campaign-0").Module, 0.4, 0.6);
        PutWide("campaign-60", simulated: false);
        Assert.Equal(_replica.Widths, WidthsOf("campaign-60"));
    }

    private EffectWidths WidthsOf(string campaign) => _replica.Find(campaign)!.InputFor(SegmentCounts.None, Ids.DefaultSegment).Widths;

    /// <summary>A campaign with evidence of effects of ±0.35.</summary>
    private void PutWide(string id, bool simulated)
    {
        var message = Published(1, 1);
        _replica.Put(new PublishedCampaignMessage(message.Published with { Id = id, Campaign = message.Published.Campaign with { Simulation = simulated } }));
        var counts = new SegmentCounts(5, default, []);
        var fit = new ModuleEffectsLearner().Fit(_replica.Find(id)!.InputFor(counts, Ids.DefaultSegment)) with
        {
            Summary = new SegmentSummary(-4, 400, [[0.35, -0.35], [0]], [[200, 200], [400]]),
        };
        _replica.Put(new SegmentFitMessage(id, 1, Ids.DefaultSegment, 1, counts, fit, 0, 1));
    }

    private PublishedCampaign Current => _replica.Find("spring")!.Published;

    private static PublishedCampaignMessage Published(ulong incarnation, long revision, long layout = 1) => new(new PublishedCampaign
    {
        Id = "spring",
        Incarnation = incarnation,
        Revision = revision,
        LayoutRevision = layout,
        Campaign = Documents.Read(Documents.Spring()),
        Versions = [[1, 1], [1]],
    });

    private SegmentFitMessage Fit(ulong incarnation, long layout, long counts, long epoch = 1)
    {
        var campaign = _replica.Find("spring")!;
        var fitted = new SegmentCounts(counts, default, []);
        var input = campaign.InputFor(fitted, "default") with { PolicyVersion = layout + counts };
        return new SegmentFitMessage("spring", incarnation, "default", layout, fitted, new ModuleEffectsLearner().Fit(input), 0, epoch);
    }
}
