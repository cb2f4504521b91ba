using System.Globalization;
using System.Text.Json.Nodes;
using Flywheel.Silo.Hosting;

namespace Flywheel.Silo.Tests.Demo;

/// <summary>The demo as a newcomer starts it, without a terminal.</summary>
public sealed class DemoTests : IDisposable
{
    private const string Path = "/v1/campaigns/demo";

    /// <summary>What the better half of the headlines must hold of the traffic; uniformly it would be a half.</summary>
    private const double Most = 0.6;

    /// <summary>Impressions before the traffic is looked at, so that it is not luck.</summary>
    private const long Enough = 10_000;

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(120);

    /// <summary>The audience tires after one minute.</summary>
    private static readonly TimeSpan Story = TimeSpan.FromMinutes(6);

    private readonly TempFolder _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task Demo_Running_MovesTrafficToTheBetterHeadlinesAndEndsWithItsCampaign()
    {
        await using var engine = await EngineProcess.StartAsync(_data, "--demo");
        var first = await Eventually.ReadsAsync(() => engine.Api.GetAsync($"{Path}/scores"), answer => answer.Status == 200, "the demo's campaign");
        await AssertLabelledAsync(engine);
        Assert.True(first.Json["simulation"]!.GetValue<bool>());

        await AssertMovesTrafficAsync(engine);
        await Eventually.ReadsAsync(() => Task.FromResult(engine.Output), output => output.Contains("[simulation]", StringComparison.Ordinal), "a line of the simulation");

        (await engine.Api.DeleteAsync(Path)).Expect(204);
        await Eventually.ReadsAsync(() => Task.FromResult(engine.Output), output => output.Contains("was deleted", StringComparison.Ordinal), "the end of the audience");
        (await engine.Api.GetAsync(Path)).ExpectProblem(404);
        (await engine.Api.GetAsync("/health/ready")).Expect(200);
        (await engine.Api.PutAsync("/v1/campaigns/own", Wire.Campaign([2]))).Expect(201);
        await engine.Api.DecideAsync("own");
        Assert.Equal(0, await engine.EndAsync("TERM"));
    }

    [Fact]
    public async Task Demo_AfterAnEnd_GoesOnWhereItWas()
    {
        long impressions;
        await using (var engine = await EngineProcess.StartAsync(_data, "--demo", "--demo-test", "2"))
        {
            impressions = (await ReadAsync(engine, scores => scores.Segments[0].Impressions > 0, "impressions")).Segments[0].Impressions;
            Assert.Equal(0, await engine.EndAsync("TERM"));
        }

        await using var again = await EngineProcess.StartAsync(_data, "--demo", "--demo-test", "2");
        await ReadAsync(again, scores => scores.Segments[0].Impressions > impressions, $"more than {impressions} impressions");
        Assert.Equal(0, await again.EndAsync("INT"));
    }

    /// <summary>The loop as one watches it: a headline fades, the agents propose, a person approves, the newcomer serves within its bound, and the history tells it.</summary>
    [Fact]
    public async Task Demo_AudienceTires_AFadedHeadlineBringsAProposalThatServesOnceApproved()
    {
        await using var engine = await EngineProcess.StartAsync(_data, "--demo");

        var proposal = (await Eventually.ReadsAsync(
            async () => (await engine.Api.GetAsync($"{Path}/proposals?status=pending")) is { Status: 200 } answer ? answer.Json["proposals"]!.AsArray().FirstOrDefault(IsOfAFadedHeadline) : null,
            found => found is not null,
            "a proposal for a headline that has faded", patience: Story))!;
        // Read at once: the sentence is withdrawn when the evidence turns.
        Assert.Contains("fading", (await engine.Api.GetAsync($"{Path}/insights?language=en")).Expect(200).Text, StringComparison.Ordinal);
        Assert.InRange(proposal["evidence"]!["keptHigh"]!.GetValue<double>(), 0.1, 0.8);
        var (id, module) = (proposal["id"]!.GetValue<string>(), proposal["module"]!["id"]!.GetValue<string>());
        (await engine.Api.PostAsync($"{Path}/proposals/{id}/approve", "")).Expect(200);

        await ReadAsync(engine, scores => scores.Segments[0].Slots[0].Modules.Any(each => each.Id == module && each.Impressions > 0), $"impressions of {module}");
        (await engine.Api.PostAsync($"{Path}/proposals/{id}/approve", "")).ExpectProblem(409);
        var kinds = (await engine.Api.GetAsync($"{Path}/history")).Expect(200).Json["entries"]!.AsArray()
            .Where(entry => entry!["proposal"]?.GetValue<string>() == id || entry["kind"]!.GetValue<string>() == "requested").Select(entry => entry!["kind"]!.GetValue<string>()).ToHashSet();
        Assert.Superset(new HashSet<string> { "requested", "proposed", "approved" }, kinds);
        Assert.Equal(0, await engine.EndAsync("TERM"));
    }

    private static bool IsOfAFadedHeadline(JsonNode? proposal) => proposal!["reason"]!.GetValue<string>().Contains("has faded", StringComparison.Ordinal);

    /// <summary>Wherever the demo shows, it says that its audience is simulated.</summary>
    private static async Task AssertLabelledAsync(EngineProcess engine)
    {
        Assert.True((await engine.Api.ListedAsync("demo"))!["simulation"]!.GetValue<bool>());
        Assert.Contains("simulated", (await engine.Api.ListedAsync("demo"))!["name"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.True((await engine.Api.GetAsync(Path)).Expect(200).Json["simulation"]!.GetValue<bool>());
        await using var stream = await EventStream.OpenAsync(engine.Api, "demo");
        Assert.True((await stream.ReadUntilAsync(_ => true, "an event"))[0].Scores.Simulation);
        foreach (var part in (string[])["SIMULATION", "simulated", "Upworthy Research Archive", "curl", "/scores/stream", engine.Api.Http.BaseAddress!.ToString()])
            Assert.Contains(part, engine.Output, StringComparison.Ordinal);
    }

    private static async Task AssertMovesTrafficAsync(EngineProcess engine)
    {
        var rates = RealRates();
        var better = rates.Index().OrderByDescending(rate => rate.Item).Take(rates.Count / 2).Select(rate => $"h{rate.Index + 1}").ToHashSet();
        var earlier = await ReadAsync(engine, scores => scores.Segments[0].Impressions > 0, "impressions");

        var later = await ReadAsync(
            engine,
            scores => scores.Segments[0].Impressions > earlier.Segments[0].Impressions + Enough
                && scores.Segments[0].Slots[0].Modules.Where(module => better.Contains(module.Id)).Sum(module => module.Share) > Most,
            $"{string.Join(", ", better)} holding more than {Most} of the traffic");

        Assert.Equal(rates.Count, later.Segments[0].Slots[0].Modules.Count);
        var ledger = later.Ledger;
        Assert.Equal(ledger.Accepted, ledger.Counted + ledger.Duplicate + ledger.Late + ledger.Quarantined);
        Assert.Equal((0, 0, 0), (ledger.Duplicate, ledger.Late, ledger.Quarantined));
    }

    private static Task<ScoreDocument> ReadAsync(EngineProcess engine, Func<ScoreDocument, bool> holds, string expected) => Eventually.ReadsAsync(
        async () => (await engine.Api.GetAsync($"{Path}/scores")) is { Status: 200 } answer ? answer.Read<ScoreDocument>() : null!,
        scores => scores is not null && holds(scores),
        expected,
        scores => scores is null ? "no campaign" : string.Join(", ", scores.Segments[0].Slots[0].Modules.Select(module => $"{module.Id} {module.Share:P0} of {module.Impressions}")),
        Bound);

    /// <summary>The click rates that real readers gave the headlines of the first bundled test.</summary>
    private static List<double> RealRates()
    {
        using var stream = typeof(FlywheelHost).Assembly.GetManifestResourceStream("Flywheel.Silo.Demo.headline-tests.csv")!;
        using var reader = new StreamReader(stream);
        var rows = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.TrimEnd().Split(',')).ToList();
        return [.. rows.TakeWhile(row => row[0] == rows[0][0]).Select(row => double.Parse(row[^1], CultureInfo.InvariantCulture) / double.Parse(row[^2], CultureInfo.InvariantCulture))];
    }
}
