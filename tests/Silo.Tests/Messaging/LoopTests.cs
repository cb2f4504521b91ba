using System.Text.Json.Nodes;
using Flywheel.Abstractions.Messaging;
using Microsoft.Extensions.DependencyInjection;

namespace Flywheel.Silo.Tests.Messaging;

/// <summary>The whole loop on real signals: a headline fades, the agents propose, a person approves over HTTP, the newcomer is tried and judged, and the history tells it.</summary>
/// <remarks>On an engine of its own: its traffic thins the decision log of its partition, of which other tests expect all.</remarks>
public sealed class LoopTests(Engine engine) : EngineTest(engine), IClassFixture<Engine>
{
    private const double Good = 0.15;
    private const double Favourite = 0.3;
    private const double Share = 0.3;

    /// <summary>Decisions between two looks of the agents.</summary>
    private const int Step = 2_000;

    /// <summary>Impressions of the headline, from its fall on, within which it is found. Half of the traffic is served evenly to three.</summary>
    private const int FoundWithin = 6_000;

    /// <summary>Decisions after an approval within which the trial of a module is over that does far better, or far worse, than the others.</summary>
    private const int JudgedWithin = 20_000;

    private readonly Random _random = new(6);
    private readonly Dictionary<string, double> _rates = new() { ["h1"] = Favourite, ["h2"] = Good, ["h3"] = Good };
    private readonly Dictionary<string, int> _shown = [];

    private IGrainFactory Grains => Engine.Services.GetRequiredService<IGrainFactory>();

    [Fact]
    public async Task Loop_NewcomerDoesBetter_IsPromotedAndTheHistoryTellsItAll()
    {
        var (proposal, module) = await ApproveWhatReplacesAFadedHeadlineAsync(Favourite + 0.1);

        var judged = await JudgedAsync(proposal);

        Assert.Equal(("live", "promoted"), (Text(judged, "status"), Text(judged["outcome"]!, "kind")));
        Assert.True(Number(judged["outcome"]!["evidence"]!, "resonanceLow") > 100);
        await VisitAsync();
        var newcomer = (await Api.ScoresAsync(Campaign)).Segments[0].Slots[0].Modules.Single(each => each.Id == module);
        Assert.True(newcomer.Share > Share, $"Expected more than {Share} of the traffic for what was promoted; came {newcomer.Share}");
        await AssertChainAsync(judged, module, "promoted");
    }

    [Fact]
    public async Task Loop_NewcomerHarms_IsRolledBackAndTheHistoryTellsItAll()
    {
        var (proposal, module) = await ApproveWhatReplacesAFadedHeadlineAsync(0.02);

        var judged = await JudgedAsync(proposal);

        Assert.Equal(("rolledBack", "rolledBack"), (Text(judged, "status"), Text(judged["outcome"]!, "kind")));
        Assert.True(Number(judged["outcome"]!["evidence"]!, "resonanceHigh") < 100);
        Assert.DoesNotContain(await Api.DecideManyAsync(Campaign, 1_000), decision => decision.Variant["headline"].Module == module);
        await AssertChainAsync(judged, module, "rolledBack");
        (await Api.PostAsync($"{Path}/proposals/{proposal}/approve", "")).ExpectProblem(409);
    }

    /// <summary>Lets the favourite lose half of its rate, waits for what the agents propose, and approves it.</summary>
    /// <param name="rate">What the audience gives the newcomer.</param>
    private async Task<(string Proposal, string Module)> ApproveWhatReplacesAFadedHeadlineAsync(double rate)
    {
        await PutAsync(Document);
        for (var i = 0; i < 4; i++)
            await VisitAsync();
        Assert.Null(await FadedAsync());
        _rates["h1"] = Favourite / 2;
        var before = _shown["h1"];
        JsonNode? proposal;
        do
        {
            await VisitAsync();
            proposal = await FadedAsync();
            Assert.True(proposal is not null || _shown["h1"] - before < FoundWithin, $"Expected that the fall is found within {FoundWithin} impressions of h1; it was not within {_shown["h1"] - before}");
        }
        while (proposal is null);
        TestContext.Current.TestOutputHelper?.WriteLine($"found after {_shown["h1"] - before} impressions of h1");
        var (id, module) = (Text(proposal, "id"), Text(proposal["module"]!, "id"));
        _rates[module] = rate;
        Assert.Equal("live", Text((await Api.PostAsync($"{Path}/proposals/{id}/approve", """{"comment":"worth a try"}""")).Expect(200).Json, "status"));
        return (id, module);
    }

    /// <summary>The proposal, once its trial is over.</summary>
    private async Task<JsonNode> JudgedAsync(string id)
    {
        for (var visits = 0; visits < JudgedWithin; visits += Step)
        {
            await VisitAsync();
            var proposal = (await ProposalsAsync()).Single(proposal => Text(proposal!, "id") == id)!;
            if (proposal["outcome"] is not null)
                return proposal;
        }
        throw new InvalidOperationException($"Expected the end of the trial within {JudgedWithin} decisions; {(await Api.GetAsync($"{Path}/scores")).Text}");
    }

    /// <summary>Some visitors come, and the agents look at what they did.</summary>
    private async Task VisitAsync()
    {
        var decisions = await Api.DecideManyAsync(Campaign, Step);
        var clicked = decisions.Where(decision => _random.NextDouble() < _rates[decision.Variant["headline"].Module]).ToList();
        foreach (var (module, many) in decisions.CountBy(decision => decision.Variant["headline"].Module))
            _shown[module] = _shown.GetValueOrDefault(module) + many;
        await SendAllAsync([.. decisions.Select(decision => Wire.Signal(decision, "impression")), .. clicked.Select(decision => Wire.Signal(decision, "click"))]);
        await SettledAsync();
        await Eventually.ReadsAsync(
            async () => (await Grains.GetGrain<IAnalystGrain>(Campaign).ReadAsync(Cancel))!.Segments,
            segments => segments is [var only] && only.Slots[0].Modules.All(module => module.Impressions >= _shown.GetValueOrDefault(module.Id)),
            "a reading of all impressions");
        await Grains.GetGrain<IStrategistGrain>(Campaign).LookAsync(Cancel);
    }

    private async Task<JsonNode?> FadedAsync()
    {
        // What was asked for is written within moments, by the offline writer.
        var isAsked = (await HistoryAsync()).Any(entry => Text(entry!, "kind") == "requested" && entry!["trigger"]?.GetValue<string>() == "moduleFaded");
        return isAsked
            ? await Eventually.ReadsAsync(async () => (await ProposalsAsync()).FirstOrDefault(proposal => proposal!["replaces"]?.GetValue<string>() == "h1" && Text(proposal, "status") == "pending"), found => found is not null, "a proposal")
            : null;
    }

    /// <summary>Evidence → trigger → brief → candidate with findings → decision by whom → version → share → outcome, in this order, with figures.</summary>
    private async Task AssertChainAsync(JsonNode proposal, string module, string outcome)
    {
        var (id, request) = (Text(proposal, "id"), Text(proposal, "answers"));
        var chain = (await HistoryAsync()).Reverse().Where(entry => entry!["request"]?.GetValue<string>() == request).Select(entry => entry!).ToList();
        Assert.All(chain.Where(entry => Text(entry, "kind") is "blocked" or "passedOver"), entry => Assert.NotNull(entry["content"]));
        chain.RemoveAll(entry => Text(entry, "kind") is "blocked" or "passedOver");

        Assert.Equal(["requested", "proposed", "approved", outcome], chain.Select(entry => Text(entry, "kind")));
        Assert.Equal(["agents", "agents", "person", "agents"], chain.Select(entry => Text(entry, "actor")));
        Assert.Equal(chain.Select(entry => entry["at"]!.GetValue<DateTimeOffset>()).Order(), chain.Select(entry => entry["at"]!.GetValue<DateTimeOffset>()));
        var (requested, proposed, approved, ended) = (chain[0], chain[1], chain[2], chain[3]);
        Assert.Equal(("moduleFaded", "default", "h1", "Aster"), (Text(requested, "trigger"), Text(requested, "segment"), Text(requested, "module"), Text(requested["brief"]!, "brand")));
        Assert.Equal("something new earns more in default than h1 does now", Text(requested, "hypothesis"));
        var evidence = requested["evidence"]!;
        Assert.InRange(Number(evidence, "kept"), Number(evidence, "keptLow"), Number(evidence, "keptHigh"));
        Assert.True(Number(evidence, "keptHigh") < 0.95 && Number(evidence, "keptN") > 0 && Number(evidence, "rateSince") < Number(evidence, "rateBefore"), evidence.ToJsonString());
        Assert.Equal((id, module, "offline"), (Text(proposed, "proposal"), Text(proposed, "module"), Text(proposed, "writer")));
        Assert.Equal(proposal["module"]!["content"]!.ToJsonString(), proposed["content"]!.ToJsonString());
        Assert.Equal(evidence.ToJsonString(), proposed["evidence"]!.ToJsonString());
        Assert.Equal((1, Share, "worth a try"), (approved["version"]!.GetValue<int>(), Number(approved, "share"), Text(approved, "comment")));
        Assert.Equal((1, module), (ended["version"]!.GetValue<int>(), Text(ended, "module")));
        Assert.True(Number(ended["evidence"]!, "resonanceN") >= 500, ended.ToJsonString());
        // The same with the proposal.
        Assert.Equal(evidence.ToJsonString(), proposal["evidence"]!.ToJsonString());
        Assert.Equal(("person", "worth a try", 1, Share), (Text(proposal, "decidedBy"), Text(proposal, "comment"), proposal["version"]!.GetValue<int>(), Number(proposal, "share")));
        Assert.Equal(ended["evidence"]!.ToJsonString(), proposal["outcome"]!["evidence"]!.ToJsonString());
    }

    private async Task<JsonArray> HistoryAsync() => (await Api.GetAsync($"{Path}/history")).Expect(200).Json["entries"]!.AsArray();

    private async Task<JsonArray> ProposalsAsync() => (await Api.GetAsync($"{Path}/proposals")).Expect(200).Json["proposals"]!.AsArray();

    private static string Text(JsonNode node, string member) => node[member]!.GetValue<string>();

    private static double Number(JsonNode node, string member) => node[member]!.GetValue<double>();

    private const string Document = """
        {
          "brief": { "brand": "Aster", "language": "en", "claims": ["free returns for 30 days"] },
          "slots": [ { "id": "headline", "kind": "text", "maxLength": 90, "modules": [
            { "id": "h1", "content": { "text": "Run lighter" }, "attributes": { "angle": "benefit" } },
            { "id": "h2", "content": { "text": "What your knees wish you knew" }, "attributes": { "angle": "curiosity" } },
            { "id": "h3", "content": { "text": "Shoes with a second life" }, "attributes": { "angle": "story" } } ] } ],
          "policy": { "control": 0.5 },
          "governance": { "challengerShare": 0.3 }
        }
        """;
}
