using Flywheel.Client;

namespace Flywheel.Silo.Tests.Signals;

/// <summary>What is accepted is counted once.</summary>
public sealed class SignalCountTests(Engine engine) : EngineTest(engine)
{
    private const string Channels = "?by=channel";

    [Fact]
    public async Task Count_ManySignalsOfManyRequests_IsExact()
    {
        await PutAsync(Wire.Spring);
        var random = new Random(5);
        var decisions = await Api.DecideManyAsync(Campaign, 400, i => i % 4 == 0 ? "\"segment\":\"young-urban\"" : "");
        var shown = decisions.Where(_ => random.NextDouble() < 0.9).ToList();
        var clicked = shown.Where(_ => random.NextDouble() < 0.3).ToList();
        var bought = clicked.Where(_ => random.NextDouble() < 0.3).ToList();
        var signals = shown.Select(decision => Wire.Signal(decision, "impression"))
            .Concat(clicked.Select(decision => Wire.Signal(decision, "click")))
            .Concat(bought.SelectMany((decision, i) => new[] { Wire.Signal(decision, "conversion", $"order-{i}-a"), Wire.Signal(decision, "conversion", $"order-{i}-b") }))
            .OrderBy(_ => random.Next()).ToList();

        foreach (var request in signals.Chunk(37))
            await SendAllAsync(request);
        foreach (var request in signals.OrderBy(_ => random.Next()).Chunk(97))
            await SendAllAsync(request);

        var scores = await SettledAsync();
        Assert.Equal(signals.Count, scores.Ledger.Duplicate);
        foreach (var segment in scores.Segments)
        {
            AssertExact(segment.Id, shown, clicked, bought, decision => decision.Segment == segment.Id, segment.Impressions, segment.Reward);
            foreach (var (slot, module) in segment.Slots.SelectMany(slot => slot.Modules.Select(module => (slot.Id, module))))
                AssertExact($"{segment.Id}/{slot}/{module.Id}", shown, clicked, bought, decision => decision.Segment == segment.Id && decision.Variant[slot].Module == module.Id, module.Impressions, module.Reward);
        }
    }

    [Fact]
    public async Task Count_ConcurrentRequestsWithTheSameSignals_CountsEachOnce()
    {
        await PutAsync(Wire.Spring);
        var signals = (await Api.DecideManyAsync(Campaign, 50)).Select(decision => Wire.Signal(decision, "impression")).ToList();

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Api.PostAsync("/v1/signals", Wire.Array(signals))));

        Accepted += 20 * signals.Count;
        var scores = await SettledAsync();
        Assert.Equal((50, 19 * 50), (scores.Segments.Sum(segment => segment.Impressions), scores.Ledger.Duplicate));
    }

    [Fact]
    public async Task Count_SameSignalAgain_IsADuplicate()
    {
        await PutAsync(Wire.Spring);
        var click = Wire.Signal(await DecideAsync(), "click");

        await SendAllAsync(click, click);
        await SendAllAsync(click);

        var scores = await SettledAsync();
        Assert.Equal((1.0, 2), (scores.Segments.Sum(segment => segment.Reward), scores.Ledger.Duplicate));
    }

    [Fact]
    public async Task Count_BeaconAndPost_CountOnce()
    {
        await PutAsync(Wire.Spring);
        var decisions = await Api.DecideManyAsync(Campaign, 2);

        await SendAllAsync(Wire.Signal(decisions[0], "click"));
        (await Api.GetAsync($"/v1/b/click/{decisions[0].DecisionId}")).Expect(204);
        (await Api.GetAsync($"/v1/b/click/{decisions[1].DecisionId}.gif")).Expect(200);
        await SendAllAsync(Wire.Signal(decisions[1], "click"));

        Accepted += 2;
        var scores = await SettledAsync();
        Assert.Equal((2.0, 2), (scores.Segments.Sum(segment => segment.Reward), scores.Ledger.Duplicate));
    }

    [Fact]
    public async Task Count_SignalsWithIdsOfTheirOwn_CountEachIdOnceWithinItsTypeAndDecision()
    {
        await PutAsync(Wire.Campaign([1], "\"rewards\":{\"a\":1,\"b\":10,\"cap\":1000}"));
        var decisions = await Api.DecideManyAsync(Campaign, 2);

        await SendAllAsync(
            Wire.Signal(decisions[0], "a", "x"), Wire.Signal(decisions[0], "a", "y"), Wire.Signal(decisions[0], "a", "x"),
            Wire.Signal(decisions[0], "a"), Wire.Signal(decisions[0], "b", "x"), Wire.Signal(decisions[1], "a", "x"));

        var scores = await SettledAsync();
        Assert.Equal((1 + 1 + 1 + 10 + 1.0, 1), (scores.Segments[0].Reward, scores.Ledger.Duplicate));
    }

    [Theory]
    [InlineData("\"click\":1,\"conversion\":5", "click,conversion", 5)]
    [InlineData("\"click\":1,\"conversion\":5", "conversion,click", 5)]
    [InlineData("\"click\":1,\"conversion\":5", "conversion:a,conversion:b", 5)]
    [InlineData("\"click\":1,\"conversion\":5,\"cap\":5.5", "click,conversion", 5.5)]
    [InlineData("\"click\":1,\"conversion\":5,\"cap\":100", "click,conversion", 6)]
    [InlineData("\"click\":1,\"conversion\":5,\"cap\":100", "click,conversion:a,conversion:b,conversion:a", 11)]
    [InlineData("\"click\":1,\"conversion\":5,\"cap\":0.25", "click", 0.25)]
    [InlineData("\"click\":0.1,\"like\":0.2,\"cap\":10", "click,like", 0.3)]
    [InlineData("\"impression\":0.5,\"click\":1,\"cap\":10", "impression,click", 1.5)]
    [InlineData("\"click\":1", "impression,scroll,conversion", 0)]
    public async Task Count_Rewards_SumUpToTheCap(string rewards, string types, double expected)
    {
        await PutAsync(Wire.Campaign([1], $$"""  "rewards":{{{rewards}}}"""));
        var decision = await DecideAsync();

        foreach (var type in types.Split(',').Select(type => type.Split(':')))
            await SendAllAsync(Wire.Signal(decision, type[0], type.ElementAtOrDefault(1)));

        Assert.Equal(expected, (await SettledAsync()).Segments[0].Reward);
    }

    [Fact]
    public async Task Count_Values_EarnTheirShareOnceUpToTheCap()
    {
        const string Rewards = """{"conversion":{"weight":1,"perValue":0.1},"order":{"perValue":0.01},"cap":20}""";
        await PutAsync(Wire.Campaign([1], $"\"rewards\":{Rewards}"));
        var decisions = await Api.DecideManyAsync(Campaign, 4);

        await SendAllAsync(
            Wire.Valued(decisions[0], "conversion", 49.9, "order-1"),
            Wire.Valued(decisions[0], "conversion", 49.9, "order-1"),
            Wire.Valued(decisions[0], "conversion", 20, "order-2"),
            Wire.Valued(decisions[1], "order", 1_234.56),
            Wire.Valued(decisions[1], "order", 99),
            Wire.Signal(decisions[2], "conversion"),
            Wire.Signal(decisions[2], "order"),
            Wire.Valued(decisions[3], "conversion", 1e15));
        (await SendAsync(Wire.Valued(decisions[3], "order", -1))).Expect(400);

        var scores = await SettledAsync();
        Assert.Equal((1 + 4.99 + 1 + 2 + 12.3456 + 1 + 20, 2), (scores.Segments[0].Reward, scores.Ledger.Duplicate));
        Assert.Equal(Rewards, (await Api.GetAsync(Path)).Expect(200).Json["rewards"]!.ToJsonString());
    }

    [Fact]
    public async Task Count_ValueOfWhatAnotherSystemServed_IsObserved()
    {
        await PutAsync(Wire.Campaign([1], """  "rewards":{"order":{"weight":0.5,"perValue":0.1},"cap":5}"""));

        await SendAllAsync($$$"""{"id":"crm-1","campaign":"{{{Campaign}}}","modules":{"headline":"h1"},"type":"order","count":12,"value":600}""");

        var scores = await SettledAsync();
        Assert.Equal(new ObservedTotals(0, 66), scores.Segments[0].Slots[0].Modules[0].Observed);
        Assert.Equal(0, scores.Segments[0].Reward);
    }

    [Fact]
    public async Task Count_ControlAndLearned_AddUp()
    {
        await PutAsync(Wire.Campaign([2], "\"policy\":{\"control\":0.5}"));

        var decisions = await LearnAsync(200, decision => decision.Reason == "control");

        var segment = (await Api.ScoresAsync(Campaign)).Segments[0];
        var control = decisions.Count(decision => decision.Reason == "control");
        Assert.Equal(new GroupTotals(control, control, control), segment.Control);
        Assert.Equal(new GroupTotals(200 - control, 200 - control, 0), segment.Learned);
        Assert.Equal((200, 200, control), (segment.Decisions, segment.Impressions, (int)segment.Reward));
    }

    [Fact]
    public async Task Count_AfterTheAttributionWindow_IsLate()
    {
        await PutAsync(Wire.Campaign([1], "\"policy\":{\"attributionWindow\":\"00:00:01\"}"));
        var decision = await DecideAsync();
        var sent = 0;

        await Eventually.ReadsAsync(
            async () =>
            {
                await SendAllAsync(Wire.Signal(decision, "click", $"c{sent++}"));
                return (await Api.ScoresAsync(Campaign)).Ledger;
            },
            ledger => ledger.Late > 0,
            "a late signal");
        var late = (await SettledAsync()).Ledger.Late;
        await SendAllAsync(Wire.Signal(decision, "impression"));

        var scores = await SettledAsync();
        Assert.Equal((late + 1, 0), (scores.Ledger.Late, scores.Segments[0].Impressions));
        Assert.Equal(sent > late ? 1 : 0, scores.Segments[0].Reward);
    }

    [Fact]
    public async Task Count_Observed_ShowsApartAndTeachesNothing()
    {
        await PutAsync(Wire.Campaign([2], "\"policy\":{\"control\":0.1}"));
        var before = (await Api.ScoresAsync(Campaign)).Segments[0];

        await SendAllAsync(
            Wire.Observed(Campaign, "crm-1", "impression", 1_000, channel: "earned"),
            Wire.Observed(Campaign, "crm-2", "click", 900, channel: "earned"),
            Wire.Observed(Campaign, "crm-2", "click", 900, channel: "earned"));

        var scores = await SettledAsync();
        var segment = scores.Segments[0];
        Assert.Equal((0, 0, 0.0, 1), (segment.Decisions, segment.Impressions, segment.Reward, scores.Ledger.Duplicate));
        var (h1, h2) = (segment.Slots[0].Modules[0], segment.Slots[0].Modules[1]);
        Assert.Equal(new ObservedTotals(1_000, 900), h1.Observed);
        Assert.Null(h2.Observed);
        Assert.Equal((0, 0.0, before.Slots[0].Modules[0].Rate, before.Slots[0].Modules[0].Share), (h1.Impressions, h1.Reward, h1.Rate, h1.Share));
        var json = (await Api.GetAsync($"{Path}/scores{Channels}")).Json["segments"]![0]!;
        Assert.Equal("""{"impressions":1000,"reward":900}""", json["observed"]!.ToJsonString());
        Assert.Equal("""{"impressions":1000,"reward":900}""", json["channels"]!.AsArray().Single(channel => channel!["id"]!.GetValue<string>() == "earned")!["observed"]!.ToJsonString());
    }

    [Fact]
    public async Task Count_ObservedWithoutASegment_IsForDefault()
    {
        await PutAsync(Wire.Spring);

        await SendAllAsync($$$"""{"id":"crm-1","campaign":"{{{Campaign}}}","modules":{"headline":"h2","image":"i1"},"type":"click"}""");

        var segment = (await SettledAsync()).Segments.Single(segment => segment.Id == "default");
        Assert.Equal(1, segment.Slots[0].Modules[1].Observed?.Reward);
        Assert.Equal(1, segment.Slots[1].Modules[0].Observed?.Reward);
    }

    [Fact]
    public async Task Count_ObservedSlotTwice_IsNotCountedTwice()
    {
        await PutAsync(Wire.Campaign([2]));

        var answer = await SendAsync($$$"""{"id":"crm-1","campaign":"{{{Campaign}}}","modules":{"headline":"h1","headline":"h1"},"type":"impression","count":10}""");

        Assert.Contains(answer.Status, new[] { 202, 400 });
        Assert.InRange((await SettledAsync()).Segments[0].Slots[0].Modules[0].Observed?.Impressions ?? 0, 0, 10);
    }

    private static void AssertExact(
        string what, List<Decision> shown, List<Decision> clicked, List<Decision> bought, Func<Decision, bool> isHere, long impressions, double reward)
    {
        var expected = (shown.Count(isHere), clicked.Count(isHere) + 4.0 * bought.Count(isHere));
        Assert.True(expected == (impressions, reward), $"{what}: expected {expected} impressions and reward; came {(impressions, reward)}");
    }
}
