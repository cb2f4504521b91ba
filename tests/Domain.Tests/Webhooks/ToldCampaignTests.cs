using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Flywheel.Domain.Experiments;
using Flywheel.Domain.Governance.Proposals;
using Flywheel.Domain.Scoring;
using Flywheel.Domain.Webhooks;
using static Flywheel.Domain.Tests.Webhooks.Messages;
using Module = Flywheel.Domain.Campaigns.Module;

namespace Flywheel.Domain.Tests.Webhooks;

public sealed class ToldCampaignTests
{
    private static readonly CampaignSighting Plain = new(7, Verdict.Learning, null, []);

    private static readonly FadedModule Faded = new("young", "headline", "h1", 2, new Interval(0.5, 0.4, 0.6), Now.AddHours(-2), 3_000);

    [Fact]
    public void See_NothingToTell_IsTheSameObject()
    {
        var (told, messages) = new ToldCampaign().See("spring", Plain, Now);

        Assert.Empty(messages);
        Assert.Same(told, told.See("spring", Plain, Now).Next);
    }

    [Fact]
    public void See_EachChange_IsToldOnce()
    {
        var seen = Plain with { Verdict = Verdict.Winning, Lift = new Interval(0.2, 0.1, 0.3), Problems = ["quarantined"], Waiting = [Waiting(1)], Faded = [Faded] };

        var (told, messages) = new ToldCampaign().See("acme:spring", seen, Now);

        Assert.Equal([WebhookEvents.ProposalWaiting, WebhookEvents.ModuleFaded, WebhookEvents.VerdictChanged, WebhookEvents.CampaignDegraded], messages.Select(message => message.Type));
        Assert.All(messages, message => Assert.DoesNotContain("acme", message.Body, StringComparison.Ordinal));
        Assert.Equal(messages.Length, messages.DistinctBy(message => message.Id).Count());
        var (next, none) = told.See("acme:spring", seen, Now.AddMinutes(1));
        Assert.Same(told, next);
        Assert.Empty(none);
        var verdict = JsonNode.Parse(messages[2].Body)!;
        Assert.Equal("""{"campaign":"spring","from":"learning","to":"winning","lift":{"mean":0.2,"low":0.1,"high":0.3}}""", verdict["data"]!.ToJsonString());
        Assert.Equal("2026-05-04T10:00:00Z", verdict["timestamp"]!.GetValue<string>());
    }

    [Fact]
    public void See_MadeAgainOfTheSame_HasTheSameIds()
    {
        var seen = Plain with { Verdict = Verdict.Losing, Waiting = [Waiting(1)] };

        var (first, again) = (new ToldCampaign().See("spring", seen, Now).Messages, new ToldCampaign().See("spring", seen, Now.AddSeconds(9)).Messages);

        Assert.Equal(first.Select(message => message.Id), again.Select(message => message.Id));
        // Another campaign's, and another life's, are others.
        Assert.Empty(first.Select(message => message.Id).Intersect(new ToldCampaign().See("acme:spring", seen, Now).Messages.Select(message => message.Id)));
        Assert.Empty(first.Select(message => message.Id).Intersect(new ToldCampaign().See("spring", seen with { Incarnation = 8 }, Now).Messages.Select(message => message.Id)));
    }

    [Fact]
    public void See_WhatComesBack_IsToldAgainUnderAnotherId()
    {
        var told = new ToldCampaign();
        var messages = new List<WebhookMessage>();
        foreach (var seen in (CampaignSighting[])[Waits(1), Plain, Waits(1), Verdicts(Verdict.Winning), Verdicts(Verdict.Learning), Verdicts(Verdict.Winning), Has("stalePolicy"), Plain, Has("stalePolicy")])
        {
            var (next, more) = told.See("spring", seen, Now);
            told = next;
            messages.AddRange(more);
        }

        Assert.Equal(2, messages.Count(message => message.Type == WebhookEvents.ProposalWaiting));
        Assert.Equal(4, messages.Count(message => message.Type == WebhookEvents.VerdictChanged));
        Assert.Equal(2, messages.Count(message => message.Type == WebhookEvents.CampaignDegraded));
        Assert.Distinct(messages.Select(message => message.Id));

        static CampaignSighting Waits(int number) => Plain with { Waiting = [Waiting(number)] };
        static CampaignSighting Verdicts(Verdict verdict) => Plain with { Verdict = verdict };
        static CampaignSighting Has(string problem) => Plain with { Problems = [problem] };
    }

    /// <summary>Figures move between two looks; what was queued and is not known to have been told is the same message.</summary>
    [Fact]
    public void See_MadeAgainWithOtherFigures_HasTheSameIds()
    {
        var seen = Plain with { Verdict = Verdict.Winning, Lift = new Interval(0.2, 0.1, 0.3), Faded = [Faded] };
        var later = seen with { Lift = new Interval(0.25, 0.12, 0.33), Faded = [Faded with { Kept = new Interval(0.6, 0.5, 0.7), Impressions = 3_400 }] };

        var (first, again) = (new ToldCampaign().See("spring", seen, Now).Messages, new ToldCampaign().See("spring", later, Now.AddSeconds(5)).Messages);

        Assert.NotEqual(first.Select(message => message.Body), again.Select(message => message.Body));
        Assert.Equal(first.Select(message => message.Id), again.Select(message => message.Id));
    }

    /// <summary>The evidence is about as much as it takes: one fall is found, missed and found.</summary>
    [Fact]
    public void See_AFadingThatComesAndGoesByChance_IsToldOnce()
    {
        var looks = new Looks();
        var impressions = 50_000L;
        for (var times = 0; times < 40; times++)
        {
            looks.Find(Faded with { Impressions = Faded.Impressions + 100 * times, Since = Faded.Since.AddMinutes(times % 3) });
            looks.Miss(impressions += 700);
            looks.Miss(impressions += Faded.Impressions - 1);
        }

        Assert.Single(looks.Messages);
    }

    /// <summary>After a rollback, or where it recovered: what fades then is another fall.</summary>
    [Fact]
    public void See_AFallThatBeganAfterTheFirstWasTold_IsToldAgainOnceThatWasMissed()
    {
        var looks = new Looks();
        looks.Find(Faded);
        var toldAt = looks.Now;
        // It goes on, and seems to have begun later.
        looks.Find(Faded with { Since = toldAt.AddSeconds(30) });
        Assert.Single(looks.Messages);
        looks.Miss(50_000);

        looks.Find(Faded with { Since = toldAt.AddSeconds(40), Impressions = 400 });
        looks.Find(Faded with { Since = toldAt.AddSeconds(40), Impressions = 900 });

        Assert.Equal(2, looks.Messages.DistinctBy(message => message.Id).Count());
        Assert.Equal(400, JsonNode.Parse(looks.Messages[^1].Body)!["data"]!["impressions"]!.GetValue<long>());
        Assert.Single(looks.Told.Fadings!.Value);
    }

    /// <summary>It recovered for as long as it took to be found; that its next fall seems to have begun with the first makes it no older.</summary>
    [Fact]
    public void See_AFadingThatWasMissedForAsLongAsItTookToFind_IsOver()
    {
        var looks = new Looks();
        looks.Find(Faded);
        looks.Miss(50_000);
        looks.Miss(50_000 + Faded.Impressions - 1);
        Assert.NotNull(looks.Told.Fadings);
        looks.Miss(50_000 + Faded.Impressions);
        Assert.Null(looks.Told.Fadings);

        looks.Find(Faded);

        Assert.Equal(2, looks.Messages.DistinctBy(message => message.Id).Count());
    }

    /// <summary>An engine that starts again has lost the watch: nobody has looked, then nothing is found, then it may be found as it was.</summary>
    [Fact]
    public void See_OneFadingAfterARestart_IsNotToldAgain()
    {
        var looks = new Looks();
        looks.Find(Faded);
        looks.Told = JsonSerializer.Deserialize<ToldCampaign>(JsonSerializer.Serialize(looks.Told))!;
        looks.See(Plain with { Faded = null });
        looks.Miss(60_000);
        looks.Miss(60_000 + Faded.Impressions / 2);
        looks.Find(Faded);

        Assert.Single(looks.Messages);
        Assert.Single(looks.See(Plain with { Faded = [Faded, Faded with { Version = 3 }] }));
        Assert.Single(looks.See(Plain with { Faded = [Faded, Faded with { Version = 3 }, Faded with { Segment = "old" }] }));
    }

    /// <summary>A pause without a single impression says nothing, however long.</summary>
    [Fact]
    public void See_AFadingThatIsMissedWithoutTraffic_IsNotOver()
    {
        var looks = new Looks();
        looks.Find(Faded);
        looks.Miss(50_000);
        looks.Now += TimeSpan.FromDays(3);
        looks.Miss(50_000);

        looks.Find(Faded);

        Assert.Single(looks.Messages);
    }

    /// <summary>Of an earlier version, which stored names alone.</summary>
    [Fact]
    public void See_WhatAnEarlierVersionTold_IsNotToldAgain()
    {
        var looks = new Looks { Told = JsonSerializer.Deserialize<ToldCampaign>($$"""{"Incarnation":7,"Steps":1,"Verdict":"learning","Problems":[],"Waiting":[],"Faded":["{{Faded.Name}}"]}""")! };

        looks.Find(Faded);

        Assert.Empty(looks.Messages);
        Assert.Equal(Faded.Name, Assert.Single(looks.Told.Fadings!.Value).Name);
        Assert.Empty(looks.Told.Faded);
    }

    /// <summary>As many as there are: what is found is not forgotten, or it would be told for ever.</summary>
    [Fact]
    public void See_MoreFadingsThanAreRemembered_TellsNoneTwice()
    {
        var seen = Plain with { Faded = [.. Enumerable.Range(0, ToldCampaign.MostFaded + 100).Select(i => Faded with { Module = $"h{i}" })] };
        var looks = new Looks();
        var steps = 0;
        while (looks.See(seen).Length > 0)
            Assert.True(++steps <= ToldCampaign.MostFaded / ToldCampaign.MostAtOnce, $"{steps} steps");

        Assert.Equal((ToldCampaign.MostFaded, ToldCampaign.MostFaded), (looks.Messages.Count, looks.Messages.DistinctBy(message => message.Id).Count()));
        // Where some are not found any more there is room for the others.
        looks.See(seen with { Faded = [.. seen.Faded!.Skip(50)] });
        while (looks.See(seen with { Faded = [.. seen.Faded!.Skip(50)] }).Length > 0)
            Assert.True(++steps < 100, $"{steps} steps");
        Assert.Equal(ToldCampaign.MostFaded + 50, looks.Messages.Count);
    }

    /// <summary>A share that hovers about its bound.</summary>
    [Fact]
    public void See_AProblemThatLasts_IsToldOnceUntilItIsOver()
    {
        var (has, lasts) = (Plain with { Problems = ["quarantined"], Lasting = ["quarantined"] }, Plain with { Lasting = ["quarantined"] });
        var looks = new Looks();
        looks.See(lasts);
        Assert.Empty(looks.Messages);

        for (var times = 0; times < 5; times++)
        {
            looks.See(has);
            looks.See(lasts);
        }
        looks.See(lasts with { Problems = ["sampleRatio"] });
        Assert.Equal(2, looks.Messages.Count);
        Assert.Equal("""["sampleRatio","quarantined"]""", JsonNode.Parse(looks.Messages[1].Body)!["data"]!["problems"]!.ToJsonString());

        looks.See(Plain);
        looks.See(has);
        Assert.Equal(3, looks.Messages.Count);
    }

    [Fact]
    public void See_ManyAtOnce_AreToldInSteps()
    {
        var seen = Plain with { Waiting = [.. Enumerable.Range(1, 40).Select(Waiting)] };
        var (told, messages) = (new ToldCampaign(), new List<WebhookMessage>());
        for (var steps = 0; steps < 3; steps++)
        {
            var (next, more) = told.See("spring", seen, Now);
            Assert.InRange(more.Length, 1, ToldCampaign.MostAtOnce);
            (told, messages) = (next, [.. messages, .. more]);
        }

        Assert.Equal(40, messages.DistinctBy(message => message.Id).Count());
        Assert.Same(told, told.See("spring", seen, Now).Next);
    }

    [Fact]
    public void See_AnotherLife_BeginsAnew()
    {
        var told = new ToldCampaign().See("spring", Plain with { Verdict = Verdict.Winning, Faded = [Faded] }, Now).Next;

        var (next, messages) = told.See("spring", Plain with { Incarnation = 8 }, Now);

        Assert.Empty(messages);
        Assert.Equal((8UL, "learning"), (next.Incarnation, next.Verdict));
        Assert.Null(next.Fadings);
    }

    private static Proposal Waiting(int number) => new()
    {
        Id = $"p-{number}",
        Slot = "headline",
        Status = ProposalStatus.Pending,
        CreatedAt = Now,
        Module = new Module { Id = $"h{number}" },
        Reason = "h1 has faded in young",
    };

    /// <summary>Looks at one campaign, a minute apart, and what was told of it.</summary>
    private sealed class Looks
    {
        public ToldCampaign Told { get; set; } = new();

        public DateTimeOffset Now { get; set; } = Webhooks.Messages.Now;

        public List<WebhookMessage> Messages { get; } = [];

        public void Find(FadedModule faded) => See(Plain with { Faded = [faded] });

        public void Miss(long impressions) => See(Plain with { Faded = [], Watched = ImmutableDictionary<string, long>.Empty.Add(Faded.Name, impressions) });

        public ImmutableArray<WebhookMessage> See(CampaignSighting seen)
        {
            (Told, var messages) = Told.See("spring", seen, Now += TimeSpan.FromMinutes(1));
            Messages.AddRange(messages);
            return messages;
        }
    }
}
