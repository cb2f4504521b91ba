using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using Flywheel.Silo.Tests;

[assembly: AssemblyFixture(typeof(Engine))]

namespace Flywheel.Client.Tests.EndToEnd;

/// <summary>The client against a whole engine, over HTTP.</summary>
public sealed class EngineTests : IAsyncLifetime
{
    private readonly Engine _engine;
    private readonly HttpClient _http;
    private readonly FlywheelClient _client;

    public EngineTests(Engine engine)
    {
        _engine = engine;
        _http = new HttpClient { BaseAddress = engine.Url };
        _client = new FlywheelClient(_http);
    }

    private string Campaign { get; } = $"t-{Guid.NewGuid():n}";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static Campaign Spring => new()
    {
        Name = "Spring shoes",
        Status = "live",
        Brief = new Brief { Brand = "Aster", Tone = ["warm"], Language = "fr", NeverSay = ["guaranteed"] },
        Slots =
        [
            new Slot("headline", [Module.Text("h1", "Run lighter"), Module.Text("h2", "What your knees wish you knew")]) { Kind = "text", MaxLength = 90 },
        ],
        Segments = [new Segment("young-urban", new JsonObject { ["age"] = new JsonObject { ["lt"] = 30 }, ["city"] = new JsonArray("Paris", "Lyon") })],
        Rewards = new Dictionary<string, Reward> { ["click"] = 1, ["conversion"] = 5, ["order"] = new Reward { PerValue = 0.1 }, ["cap"] = 5 },
        Policy = new Policy { Control = 0.05, MinPropensity = 0, AttributionWindow = TimeSpan.FromHours(2) },
        Governance = new Governance { Mode = "approve", MaxModulesPerSlot = 8, ChallengerShare = 0.1, ProposalsPerDay = 20 },
    };

    public async ValueTask InitializeAsync() => Assert.True(await _client.PutCampaignAsync(Campaign, Spring, Cancel));

    public async ValueTask DisposeAsync()
    {
        await _client.DeleteCampaignAsync(Campaign, CancellationToken.None);
        await _client.DisposeAsync();
        _http.Dispose();
    }

    [Fact]
    public async Task Track_AfterADecision_ShowsInTheStreamedScores()
    {
        var decision = await _client.DecideAsync(new DecisionRequest(Campaign) { Unit = "user-1", Context = new JsonObject { ["channel"] = "email" } }, Cancel);
        _client.Track(Signal.Impression(decision!.DecisionId));
        _client.Track(Signal.Click(decision.DecisionId));
        _client.Track(Signal.Conversion(decision.DecisionId, "order-77", 49.9));
        await _client.FlushAsync(Cancel);

        var scores = await FirstAsync(scores => scores.Ledger.Counted == 3);

        Assert.Equal(new TrackingCounts(0, 3, 0, 0, 0), _client.Tracking);
        Assert.Equal((1, 5.0), (scores.Segments[^1].Impressions, scores.Segments[^1].Reward));
        var served = scores.Segments[^1].Slots[0].Modules.Single(module => module.Id == decision.Variant["headline"].Module);
        Assert.Equal((decision.Variant["headline"].Version, 1, 5.0), (served.Version, served.Impressions, served.Reward));
        var channel = Assert.Single((await _client.GetScoresByChannelAsync(Campaign, Cancel)).Segments[^1].Channels!);
        Assert.Equal(("email", 1), (channel.Id, channel.Impressions));
    }

    [Fact]
    public async Task Track_ForgedDecision_TellsOfTheRefusal()
    {
        var rejections = new ConcurrentQueue<SignalRejection>();
        _client.SignalRejected += (_, rejection) => rejections.Enqueue(rejection);
        var decision = await _client.DecideAsync(new DecisionRequest(Campaign), Cancel);

        _client.Track(Signal.Click("forged"));
        _client.Track(Signal.Click(decision!.DecisionId));
        await _client.FlushAsync(Cancel);

        var rejection = Assert.Single(rejections);
        Assert.Equal((RejectionReason.Refused, "forged"), (rejection.Reason, rejection.Signal.DecisionId));
        Assert.Contains("decisionId", rejection.Error, StringComparison.Ordinal);
        Assert.Equal(new TrackingCounts(0, 1, 0, 1, 0), _client.Tracking);
    }

    [Fact]
    public async Task Send_GoodAndBad_SaysWhichWereRefused()
    {
        var decision = await _client.DecideAsync(new DecisionRequest(Campaign), Cancel);
        var headline = new Dictionary<string, string> { ["headline"] = "h2" };

        var receipt = await _client.SendAsync(
            [Signal.Impression(decision!.DecisionId), Signal.Click("forged"), Signal.Observed("crm-1", "click", Campaign, "default", headline, 12, "earned")], Cancel);

        Assert.Equal(2, receipt.Accepted);
        Assert.Equal(1, Assert.Single(receipt.Rejected).Index);
        var scores = await FirstAsync(scores => scores.Ledger.Counted == 2);
        Assert.Equal(12, scores.Segments[^1].Slots[0].Modules[1].Observed?.Reward);
    }

    [Fact]
    public async Task DecideMany_GoodAndBad_AnswersEach()
    {
        var results = await _client.DecideManyAsync(
            [
                new DecisionRequest(Campaign) { Context = new JsonObject { ["age"] = 24, ["city"] = "Lyon" } },
                new DecisionRequest($"{Campaign}-none"),
                new DecisionRequest(Campaign) { Segment = "nobody" },
                new DecisionRequest(Campaign),
            ], Cancel);

        Assert.Equal([200, 404, 400, 200], results.Select(result => result.Status));
        Assert.Equal(["young-urban", null, null, "default"], results.Select(result => result.Decision?.Segment));
    }

    [Fact]
    public async Task Decide_PausedOrUnknown_SaysSo()
    {
        await _client.SetStatusAsync(Campaign, "paused", Cancel);

        Assert.Null(await _client.DecideAsync(new DecisionRequest(Campaign), Cancel));
        var failure = await Assert.ThrowsAsync<FlywheelException>(() => _client.DecideAsync(new DecisionRequest($"{Campaign}-none"), Cancel));
        Assert.Equal(HttpStatusCode.NotFound, failure.Status);
    }

    [Fact]
    public async Task Campaign_PutAndGet_ReadsBackAsWritten()
    {
        var read = (await _client.GetCampaignAsync(Campaign, Cancel))!;

        Assert.Equal((Spring.Name, Spring.Status, Spring.Governance, Spring.Policy), (read.Name, read.Status, read.Governance, read.Policy));
        Assert.Equal(Spring.Brief!.NeverSay, read.Brief!.NeverSay);
        Assert.Equal(Spring.Rewards, read.Rewards);
        Assert.Equal(Spring.Slots[0].Modules.Select(module => module.Content["text"]), read.Slots[0].Modules.Select(module => module.Content["text"]));
        Assert.Equal("young-urban", Assert.Single(read.Segments!).Id);
        Assert.False(await _client.PutCampaignAsync(Campaign, read, Cancel));
        Assert.Contains(new CampaignSummary(Campaign, "Spring shoes", "live"), await _client.ListCampaignsAsync(Cancel));
        Assert.Equal(1, (await _client.GetScoresAsync(Campaign, Cancel)).Segments[0].Slots[0].Modules[0].Version);
    }

    [Fact]
    public async Task Messaging_FromExperimentToHistory_IsReadAsTheEngineWritesIt()
    {
        var experiment = await _client.GetExperimentAsync(Campaign, "fr", Cancel);
        Assert.Equal((Campaign, "learning", null), (experiment.Campaign, experiment.Overall.Verdict, experiment.Overall.Lift));
        Assert.Equal(["young-urban", "default"], experiment.Segments.Select(segment => segment.Id));
        Assert.Equal("fr", (await _client.GetInsightsAsync(Campaign, "fr", Cancel)).Language);
        Assert.Empty(await _client.ListProposalsAsync(Campaign, "pending", Cancel));
        Assert.Equal("created", (await _client.GetHistoryAsync(Campaign, limit: 10, cancellationToken: Cancel))[^1].Kind);
        var failure = await Assert.ThrowsAsync<FlywheelException>(() => _client.ApproveAsync(Campaign, "p-1", "yes", Cancel));
        Assert.Equal(HttpStatusCode.NotFound, failure.Status);
        failure = await Assert.ThrowsAsync<FlywheelException>(() => _client.ApproveAsync(Campaign, "p-1", revision: 0, cancellationToken: Cancel));
        Assert.Equal((HttpStatusCode.BadRequest, "revision"), (failure.Status, Assert.Single(failure.Errors.Keys)));
        failure = await Assert.ThrowsAsync<FlywheelException>(() => _client.EditAsync(Campaign, "p-1", new ProposalEdit(new Dictionary<string, string> { ["text"] = "Run" }), Cancel));
        Assert.Equal(HttpStatusCode.NotFound, failure.Status);
    }

    [Fact]
    public async Task Campaign_Wrong_NamesTheField()
    {
        var failure = await Assert.ThrowsAsync<FlywheelException>(() => _client.PutCampaignAsync(Campaign, Spring with { Slots = [] }, Cancel));

        Assert.Equal(HttpStatusCode.BadRequest, failure.Status);
        Assert.Contains("slots", failure.Errors.Keys);
        Assert.Single((await _client.GetCampaignAsync(Campaign, Cancel))!.Slots);
    }

    [Fact]
    public async Task Campaign_Deleted_IsGoneAndEndsItsStream()
    {
        await using var stream = _client.StreamScoresAsync(Campaign, cancellationToken: Cancel).GetAsyncEnumerator(Cancel);
        Assert.True(await stream.MoveNextAsync().Guarded());

        Assert.True(await _client.DeleteCampaignAsync(Campaign, Cancel));

        Assert.False(await stream.MoveNextAsync().Guarded());
        Assert.False(await _client.DeleteCampaignAsync(Campaign, Cancel));
        Assert.Null(await _client.GetCampaignAsync(Campaign, Cancel));
    }

    [Fact]
    public async Task WaitUntilReady_RunningEngine_Returns() => await _client.WaitUntilReadyAsync(Cancel).Guarded();

    [Fact]
    public async Task TenLines_AgainstTheEngine_EndsWithCode0()
    {
        var sample = Path.Combine(AppContext.BaseDirectory, "Flywheel.TenLines.dll");
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [sample, _engine.Url.ToString()])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(Cancel), process.StandardError.ReadToEndAsync(Cancel));
        await process.WaitForExitAsync(Cancel).Guarded();

        Assert.True(process.ExitCode == 0, $"Expected code 0; came {process.ExitCode}: {await errors}");
        Assert.Contains("1 impression, reward 1", await output, StringComparison.Ordinal);
    }

    private Task<Scores> FirstAsync(Func<Scores, bool> holds) =>
        _client.StreamScoresAsync(Campaign, cancellationToken: Cancel).FirstAsync(holds, Cancel).Guarded();
}
