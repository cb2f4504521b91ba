using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Flywheel.Silo.Tests;
using Microsoft.Extensions.Time.Testing;

namespace Flywheel.Client.Tests.Local;

/// <summary>Decisions in this process against a whole engine.</summary>
public sealed class LocalTests : IAsyncLifetime
{
    private static readonly LocalOptions Fast = new() { ReportInterval = TimeSpan.FromMilliseconds(20) };

    private readonly HttpClient _http;
    private readonly FlywheelClient _client;

    public LocalTests(Engine engine)
    {
        _http = new HttpClient { BaseAddress = engine.Url };
        _client = new FlywheelClient(_http);
    }

    private string Campaign { get; } = $"t-{Guid.NewGuid():n}";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static Campaign Spring => new()
    {
        Slots =
        [
            new Slot("headline", [Module.Text("h1", "Run lighter"), Module.Text("h2", "What your knees wish you knew"), Module.Text("h3", "Go")]),
            new Slot("image", [Module.Text("i1", "a"), Module.Text("i2", "b")]),
        ],
        Segments = [new Segment("young", new JsonObject { ["age"] = new JsonObject { ["lt"] = 30 } })],
        Policy = new Policy { Control = 0.25, MinPropensity = 0, AttributionWindow = TimeSpan.FromHours(1) },
    };

    public async ValueTask InitializeAsync() => Assert.True(await _client.PutCampaignAsync(Campaign, Spring, Cancel));

    public async ValueTask DisposeAsync()
    {
        await _client.DeleteCampaignAsync(Campaign, CancellationToken.None);
        await _client.DisposeAsync();
        _http.Dispose();
    }

    [Fact]
    public async Task Decide_ForAUnit_ServesWhatTheEngineServes()
    {
        await using var local = await _client.OpenLocalAsync(Campaign, Fast, Cancel);
        var requests = Enumerable.Range(0, 200).Select(i => new DecisionRequest(Campaign) { Unit = $"user-{i}", Context = new JsonObject { ["age"] = i % 60 } }).ToList();

        var remote = await _client.DecideManyAsync(requests, Cancel);

        for (var i = 0; i < requests.Count; i++)
        {
            var (here, there) = (local.Decide(requests[i].Unit, context: requests[i].Context)!, remote[i].Decision!);
            Assert.Equal((there.Segment, there.Reason, there.Propensity), (here.Segment, here.Reason, here.Propensity));
            Assert.Equal(
                there.Variant.Select(slot => (slot.Key, slot.Value.Module, slot.Value.Version, slot.Value.Content["text"])),
                here.Variant.Select(slot => (slot.Key, slot.Value.Module, slot.Value.Version, slot.Value.Content["text"])));
        }
        Assert.Contains(remote, result => result.Decision!.Reason == "control");
        Assert.Contains(remote, result => result.Decision!.Segment == "young");
    }

    [Fact]
    public async Task Track_LocalDecisionsAgainAndAgain_CountOnceWithEveryDecisionServed()
    {
        const int Many = 500;
        var local = await _client.OpenLocalAsync(Campaign, Fast, Cancel);
        var ids = Enumerable.Range(0, Many).Select(_ => local.Decide(context: new JsonObject { ["channel"] = "email" })!.DecisionId!).ToList();
        Assert.Equal(Many, ids.Distinct().Count());

        for (var times = 0; times < 2; times++)
            Assert.Equal(Many, (await _client.SendAsync([.. ids.Select(Signal.Impression)], Cancel)).Accepted);
        await local.DisposeAsync();

        var scores = await ScoresAsync(scores => scores.Ledger.Accepted == 2 * Many && scores.Segments[^1].Decisions == Many);
        Assert.Equal((Many, Many, 0, 0), (scores.Ledger.Counted, scores.Ledger.Duplicate, scores.Ledger.Late, scores.Ledger.Quarantined));
        Assert.Equal(Many, scores.Segments[^1].Impressions);
        Assert.Equal(("email", Many), Assert.Single((await _client.GetScoresByChannelAsync(Campaign, Cancel)).Segments[^1].Channels!) is var email ? (email.Id, (int)email.Decisions) : default);
        Assert.Equal((Many, 0, 0), (local.Status.Reported, local.Status.Unattributed, local.Status.Dropped));
    }

    [Fact]
    public async Task Decide_FromManyThreads_GivesEveryDecisionAnIdOfItsOwn()
    {
        const int Many = 20_000;
        var local = await _client.OpenLocalAsync(Campaign, Fast, Cancel);
        var ids = new string[Many];

        Parallel.For(0, Many, i => ids[i] = local.Decide()!.DecisionId!);

        Assert.Equal(Many, ids.Distinct().Count());
        await local.DisposeAsync();
        await ScoresAsync(scores => scores.Segments.Sum(segment => segment.Decisions) == Many);
    }

    [Fact]
    public async Task Decide_IntoABuffer_AllocatesNothingAndSaysTheSame()
    {
        await using var local = await _client.OpenLocalAsync(Campaign, Fast, Cancel);
        var (token, segment) = (new byte[LocalDecider.MaxTokenBytes], "young".ToCharArray());
        var choice = default(LocalChoice);
        DecideOften(1_000);

        var before = GC.GetAllocatedBytesForCurrentThread();
        DecideOften(1_000);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        var whole = local.Decide("user-1", "young")!;
        Assert.Equal(
            (whole.Segment, whole.Reason, whole.Propensity, whole.PolicyVersion, whole.Variant["headline"].Module, whole.Variant["image"].Module),
            (choice.Segment, choice.Reason, choice.Propensity, choice.PolicyVersion, choice.Module("headline").Module, choice.Module(1).Module));
        Assert.Equal(1, (await _client.SendAsync([Signal.Impression(Encoding.ASCII.GetString(token, 0, choice.TokenLength))], Cancel)).Accepted);
        Assert.Throws<ArgumentException>(() => local.Decide(new LocalRequest(), new byte[10], out _));

        void DecideOften(int times)
        {
            for (var i = 0; i < times; i++)
                local.Decide(new LocalRequest { Unit = "user-1"u8, Segment = segment }, token, out choice);
        }
    }

    [Fact]
    public async Task Decide_SegmentContextOrCampaignThatIsNotThere_SaysSoAndServesNothing()
    {
        await using var local = await _client.OpenLocalAsync(Campaign, Fast, Cancel);
        var token = new byte[LocalDecider.MaxTokenBytes];

        Assert.Equal(LocalOutcome.NoSegment, local.Decide(new LocalRequest { Segment = "nobody" }, token, out _));
        Assert.Equal(LocalOutcome.BadContext, local.Decide(new LocalRequest { Context = "{\"age\":"u8 }, token, out _));
        Assert.Null(local.Decide(segment: "nobody"));
        var failure = await Assert.ThrowsAsync<FlywheelException>(() => _client.OpenLocalAsync($"{Campaign}-none", cancellationToken: Cancel));
        Assert.Equal(HttpStatusCode.NotFound, failure.Status);
    }

    [Fact]
    public async Task Policy_ChangedAtTheEngine_IsPushedHere()
    {
        await using var local = await _client.OpenLocalAsync(Campaign, Fast, Cancel);
        var version = local.Decide()!.PolicyVersion;

        await _client.SendAsync([.. Enumerable.Range(0, 200).Select(_ => local.Decide()!).SelectMany(decision =>
            decision.Variant["headline"].Module == "h2" ? new[] { Signal.Impression(decision.DecisionId!), Signal.Click(decision.DecisionId!) } : [Signal.Impression(decision.DecisionId!)])], Cancel);
        await Eventually.ReadsAsync(() => Task.FromResult(local.Decide()), decision => decision!.PolicyVersion > version, "a newer policy");

        await _client.SetStatusAsync(Campaign, "paused", Cancel);
        await Eventually.ReadsAsync(() => Task.FromResult(local.Decide()), decision => decision is null, "nothing to serve while it is paused");
        await _client.SetStatusAsync(Campaign, "live", Cancel);
        await Eventually.ReadsAsync(() => Task.FromResult(local.Decide()), decision => decision is not null, "something to serve");
        Assert.True(local.Status.IsConnected);

        await _client.DeleteCampaignAsync(Campaign, Cancel);
        await Eventually.ReadsAsync(() => Task.FromResult(local.Decide()), decision => decision is null, "nothing to serve once it is gone");
    }

    [Fact]
    public async Task Decide_WhileTheEngineIsAway_GoesOnAndReportsOnceItIsBack()
    {
        using var data = new TempFolder();
        var port = 0;
        LocalDecider local;
        HttpClient http;
        await using (var first = await Engine.StartAsync(data))
        {
            port = first.Url.Port;
            http = new HttpClient { BaseAddress = first.Url };
            var client = new FlywheelClient(http, new FlywheelClientOptions { InitialRetryDelay = TimeSpan.FromMilliseconds(20), MaxRetryDelay = TimeSpan.FromMilliseconds(50) });
            await client.PutCampaignAsync(Campaign, Spring, Cancel);
            local = await client.OpenLocalAsync(Campaign, Fast, Cancel);
            Assert.NotNull(local.Decide()!.DecisionId);
        }
        await Eventually.ReadsAsync(() => Task.FromResult(local.Status), status => !status.IsConnected && status.Trouble is not null, "the loss of the engine");
        var age = local.Status.SnapshotAge;

        var whileAway = Enumerable.Range(0, 40).Select(_ => local.Decide()!).ToList();

        Assert.All(whileAway, decision => Assert.True(decision.IsAttributable));
        Assert.True(local.Status.SnapshotAge > age);
        await using var again = new Engine(null, data, "--urls", $"http://127.0.0.1:{port}");
        await again.InitializeAsync();
        await Eventually.ReadsAsync(() => Task.FromResult(local.Status), status => status is { IsConnected: true, Reported: 41, Trouble: null }, "41 decisions reported");
        using (http)
        {
            await using var client = new FlywheelClient(http);
            Assert.Equal(40, (await client.SendAsync([.. whileAway.Select(decision => Signal.Impression(decision.DecisionId!))], Cancel)).Accepted);
            await local.DisposeAsync();
            Assert.Equal(41, (await Eventually.ReadsAsync(() => client.GetScoresAsync(Campaign, Cancel), scores => scores.Ledger.Counted == 40, "40 impressions")).Segments[^1].Decisions);
        }
    }

    [Fact]
    public async Task Decide_AfterItsLeaseEnded_SaysThatItCannotBeAttributed()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var silent = new LeaseOnce(_http.BaseAddress!);
        using var http = new HttpClient(silent) { BaseAddress = _http.BaseAddress };
        await using var cut = new FlywheelClient(http, new FlywheelClientOptions { TimeProvider = time, DisposeTimeout = TimeSpan.FromSeconds(1) });
        var local = await cut.OpenLocalAsync(Campaign, cancellationToken: Cancel);
        Assert.True(local.Decide()!.IsAttributable);

        time.Advance(TimeSpan.FromMinutes(61));

        var decision = local.Decide()!;
        Assert.Null(decision.DecisionId);
        Assert.True(decision.PolicyAge >= TimeSpan.FromMinutes(61));
        Assert.True(local.Status.SnapshotAge >= TimeSpan.FromMinutes(61));
        Assert.Equal((1, 0), (local.Status.Unattributed, local.Status.Reported));
        await local.DisposeAsync();
        Assert.Equal(1, local.Status.Dropped);
    }

    private Task<Scores> ScoresAsync(Func<Scores, bool> holds) => Eventually.ReadsAsync(
        () => _client.GetScoresAsync(Campaign, Cancel), holds, "scores that hold",
        scores => $"{scores.Ledger}, decisions {string.Join(", ", scores.Segments.Select(segment => segment.Decisions))}");

    /// <summary>An engine that gives its policy and one lease, and is away from then on.</summary>
    private sealed class LeaseOnce(Uri engine) : DelegatingHandler(new SocketsHttpHandler())
    {
        private int _leases;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Assert.Equal(engine.Port, request.RequestUri!.Port);
            var path = request.RequestUri.AbsolutePath;
            return path.EndsWith("/policy", StringComparison.Ordinal) && _leases == 0 || (path.EndsWith("/lease", StringComparison.Ordinal) && _leases++ == 0)
                ? base.SendAsync(request, cancellationToken)
                : throw new HttpRequestException("away");
        }
    }
}
