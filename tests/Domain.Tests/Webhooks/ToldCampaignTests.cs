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

    /// <summary>A watch for fatigue that is lost starts anew, and finds the same again.</summary>
    [Fact]
    public void See_AVersionThatFadesAgain_IsNotToldAgain()
    {
        var told = new ToldCampaign().See("spring", Plain with { Faded = [Faded] }, Now).Next;
        foreach (var faded in (IReadOnlyList<FadedModule>?[])[null, [], [Faded with { Impressions = 9_000 }]])
        {
            var (next, messages) = told.See("spring", Plain with { Faded = faded }, Now);
            Assert.Empty(messages);
            told = next;
        }

        Assert.Single(told.See("spring", Plain with { Faded = [Faded with { Version = 3 }] }, Now).Messages);
        Assert.Single(told.See("spring", Plain with { Faded = [Faded with { Segment = "old" }] }, Now).Messages);
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
        Assert.Empty(next.Faded);
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
}
