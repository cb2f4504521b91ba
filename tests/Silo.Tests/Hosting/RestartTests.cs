using System.Collections.Concurrent;
using Flywheel.Client;

namespace Flywheel.Silo.Tests.Hosting;

/// <summary>Nothing that was acknowledged is lost or counted twice, however the process ends.</summary>
public sealed class RestartTests : IDisposable
{
    private const string Campaign = "spring";

    private readonly TempFolder _data = new();

    public void Dispose() => _data.Dispose();

    [Theory]
    [InlineData("KILL", 4)]
    [InlineData("TERM", 2)]
    public async Task End_InTheMiddleOfALoadAgainAndAgain_CountsEveryAcknowledgedSignalOnce(string signal, int lives)
    {
        var random = new Random(11);
        var load = new Load();
        var lastVersion = 0L;
        for (var life = 0; life < lives; life++)
        {
            await using var engine = await EngineProcess.StartAsync(_data);
            if (life == 0)
                (await engine.Api.PutAsync($"/v1/campaigns/{Campaign}", Wire.Campaign([3], "\"rewards\":{\"click\":1,\"conversion\":5}"))).Expect(201);
            await AssertBackAsync(engine, load, lastVersion);
            await load.DecideAsync(engine.Api, 600);
            var endAt = load.Acknowledged.Count + random.Next(20, 60);
            var ending = new Lazy<Task<int>>(() => engine.EndAsync(signal));
            await load.SendAsync(engine.Api, endless: true, () => _ = load.Acknowledged.Count >= endAt ? ending.Value : null);
            Assert.Equal(signal == "TERM" ? 0 : 128 + 9, await ending.Value);
            lastVersion = Math.Max(lastVersion, load.LastVersion);
        }

        await using var last = await EngineProcess.StartAsync(_data);
        await AssertBackAsync(last, load, lastVersion);
        await load.SendAsync(last.Api);
        await load.ResendAsync(last.Api);

        // The partition counts in order: once this shows, everything before it has.
        (await last.Api.PostAsync("/v1/signals", Wire.Observed(Campaign, "barrier", "impression"))).Expect(202);
        var scores = await Eventually.ReadsAsync(
            () => last.Api.ScoresAsync(Campaign), scores => scores.Segments[0].Slots[0].Modules[0].Observed is not null, "the last signal", scores => scores.Ledger);
        AssertBalanced(scores.Ledger);
        Assert.Equal((load.Distinct + 1, 0, 0), (scores.Ledger.Counted, scores.Ledger.Late, scores.Ledger.Quarantined));
        var segment = Assert.Single(scores.Segments);
        Assert.Equal((load.Impressions, load.Reward), (segment.Impressions, segment.Reward));
        Assert.InRange(segment.Decisions, 1, load.Decisions);
        foreach (var module in segment.Slots[0].Modules)
            Assert.Equal((load.ImpressionsOf(module.Id), load.RewardOf(module.Id)), (module.Impressions, module.Reward));
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task End_ByASignal_EndsWithCode0AndForgetsNothing(string signal)
    {
        var load = new Load();
        ScoreDocument before;
        await using (var engine = await EngineProcess.StartAsync(_data))
        {
            (await engine.Api.PutAsync($"/v1/campaigns/{Campaign}", Wire.Spring)).Expect(201);
            (await engine.Api.PutAsync("/v1/campaigns/paused", Wire.Campaign([2], "\"status\":\"paused\""))).Expect(201);
            await using var stream = await EventStream.OpenAsync(engine.Api, Campaign);
            await load.DecideAsync(engine.Api, 100);
            await load.SendAsync(engine.Api);
            before = await Eventually.ReadsAsync(() => engine.Api.ScoresAsync(Campaign), scores => scores.Ledger.Accepted == load.Sent, $"{load.Sent} signals", scores => scores.Ledger);

            Assert.Equal(0, await engine.EndAsync(signal));
        }

        await using var again = await EngineProcess.StartAsync(_data);
        var after = await again.Api.ScoresAsync(Campaign);
        Assert.Equal(before.Ledger, after.Ledger);
        Assert.Equal(load.Decisions, after.Segments.Sum(segment => segment.Decisions));
        Assert.Equal(load.Impressions, after.Segments.Sum(segment => segment.Impressions));
        Assert.Equal("paused", (await again.Api.ListedAsync("paused"))!["status"]!.GetValue<string>());
        await load.ResendAsync(again.Api);
        var ledger = (await Eventually.ReadsAsync(() => again.Api.ScoresAsync(Campaign), scores => scores.Ledger.Accepted == load.Sent, $"{load.Sent} signals", scores => scores.Ledger)).Ledger;
        Assert.Equal((load.Distinct, load.Distinct), (ledger.Counted, ledger.Duplicate));
    }

    [Fact]
    public async Task Kill_AfterChangesToCampaigns_KeepsThemAll()
    {
        await using (var engine = await EngineProcess.StartAsync(_data))
        {
            foreach (var id in (string[])["kept", "changed", "deleted"])
                (await engine.Api.PutAsync($"/v1/campaigns/{id}", Wire.Campaign([2]))).Expect(201);
            (await engine.Api.PutAsync("/v1/campaigns/changed", Wire.Campaign([3], "\"name\":\"Changed\""))).Expect(200);
            (await engine.Api.PatchAsync("/v1/campaigns/kept", """{"status":"paused"}""")).Expect(200);
            (await engine.Api.DeleteAsync("/v1/campaigns/deleted")).Expect(204);

            engine.Kill();
        }

        await using var again = await EngineProcess.StartAsync(_data);
        Assert.Equal(["changed", "kept"], (await again.Api.GetAsync("/v1/campaigns")).Json["campaigns"]!.AsArray().Select(campaign => campaign!["id"]!.GetValue<string>()));
        Assert.Equal("paused", (await again.Api.ListedAsync("kept"))!["status"]!.GetValue<string>());
        Assert.Equal("Changed", (await again.Api.ListedAsync("changed"))!["name"]!.GetValue<string>());
        Assert.Equal(3, (await again.Api.ScoresAsync("changed")).Segments[0].Slots[0].Modules.Count);
        (await again.Api.PutAsync("/v1/campaigns/deleted", Wire.Campaign([2]))).Expect(201);
    }

    [Fact]
    public async Task Dispose_InProcess_LeavesTheDataForTheNext()
    {
        await using (var engine = await Engine.StartAsync(_data))
            (await engine.Api.PutAsync($"/v1/campaigns/{Campaign}", Wire.Spring)).Expect(201);

        await using var again = await Engine.StartAsync(_data);
        Assert.NotNull(await again.Api.ListedAsync(Campaign));
    }

    [Fact]
    public async Task Kill_BetweenTheSignalsOfADecision_KeepsItsCap()
    {
        Decision decision;
        await using (var engine = await EngineProcess.StartAsync(_data))
        {
            (await engine.Api.PutAsync($"/v1/campaigns/{Campaign}", Wire.Campaign([1], "\"rewards\":{\"click\":1,\"conversion\":5,\"cap\":8}"))).Expect(201);
            decision = await engine.Api.DecideAsync(Campaign);
            (await engine.Api.PostAsync("/v1/signals", Wire.Array(Wire.Signal(decision, "click"), Wire.Signal(decision, "conversion", "a")))).Expect(202);
            engine.Kill();
        }

        await using var again = await EngineProcess.StartAsync(_data);
        (await again.Api.PostAsync("/v1/signals", Wire.Array(Wire.Signal(decision, "conversion", "b"), Wire.Signal(decision, "conversion", "a")))).Expect(202);
        var scores = await Eventually.ReadsAsync(() => again.Api.ScoresAsync(Campaign), scores => scores.Ledger.Accepted == 4, "4 signals", scores => scores.Ledger);
        Assert.Equal((8.0, 1), (scores.Segments[0].Reward, scores.Ledger.Duplicate));
    }

    [Fact]
    public async Task Kill_AfterContentChanged_KeepsVersionsAndEvidence()
    {
        var original = Wire.Campaign([Wire.Slot("headline", Wire.Module("h1", "Old"))]);
        await using (var engine = await EngineProcess.StartAsync(_data))
        {
            (await engine.Api.PutAsync($"/v1/campaigns/{Campaign}", original)).Expect(201);
            var decision = await engine.Api.DecideAsync(Campaign);
            (await engine.Api.PutAsync($"/v1/campaigns/{Campaign}", original.Replace("Old", "New", StringComparison.Ordinal))).Expect(200);
            (await engine.Api.PostAsync("/v1/signals", Wire.Signal(decision, "impression"))).Expect(202);
            engine.Kill();
        }

        await using var again = await EngineProcess.StartAsync(_data);
        var changed = (await again.Api.ScoresAsync(Campaign)).Segments[0];
        Assert.Equal((2, 0L, 1L), (changed.Slots[0].Modules[0].Version, changed.Slots[0].Modules[0].Impressions, changed.Impressions));
        (await again.Api.PutAsync($"/v1/campaigns/{Campaign}", original)).Expect(200);
        var back = (await again.Api.ScoresAsync(Campaign)).Segments[0].Slots[0].Modules[0];
        Assert.Equal((1, 1L), (back.Version, back.Impressions));
    }

    [Fact]
    public async Task Kill_AfterDecisions_KeepsUnitsWithTheirVariants()
    {
        IReadOnlyList<Decision> before;
        await using (var engine = await EngineProcess.StartAsync(_data))
        {
            (await engine.Api.PutAsync($"/v1/campaigns/{Campaign}", Wire.Campaign([8]))).Expect(201);
            before = await DecideUnitsAsync(engine.Api);
            engine.Kill();
        }

        await using var again = await EngineProcess.StartAsync(_data);
        Assert.Equal(before.Select(VariantOf), (await DecideUnitsAsync(again.Api)).Select(VariantOf));
    }

    private static Task<IReadOnlyList<Decision>> DecideUnitsAsync(Api api) => api.DecideManyAsync(Campaign, 100, i => $"\"unit\":\"user-{i}\"");

    private static (string, string) VariantOf(Decision decision) => (decision.Variant["headline"].Module, decision.Reason);

    /// <summary>What a start must find: the campaign, its policy, and every signal that was acknowledged.</summary>
    private static async Task AssertBackAsync(EngineProcess engine, Load load, long lastVersion)
    {
        Assert.NotNull(await engine.Api.ListedAsync(Campaign));
        Assert.True((await engine.Api.DecideAsync(Campaign)).PolicyVersion >= lastVersion, $"Expected a policy no older than {lastVersion}.");
        load.Decisions++;
        var scores = await engine.Api.ScoresAsync(Campaign);
        AssertBalanced(scores.Ledger);
        Assert.True(scores.Ledger.Counted >= load.Acknowledged.Count * (long)Load.PerRequest, $"Expected {load.Acknowledged.Count * Load.PerRequest} counted right after the start; came {scores.Ledger}");
    }

    private static void AssertBalanced(Ledger ledger) =>
        Assert.True(ledger.Accepted == ledger.Counted + ledger.Duplicate + ledger.Late + ledger.Quarantined, $"Expected a balanced ledger; came {ledger}");

    /// <summary>
    /// Requests of 15 signals each, about 5 decisions: an impression, a click and a conversion with an id of its own. Several
    /// senders take them in turn; whatever was not acknowledged goes back, to be sent again.
    /// </summary>
    private sealed class Load
    {
        public const int PerRequest = 15;

        private const int Senders = 4;
        private const double RewardOfOne = 5;

        private readonly ConcurrentQueue<Decision[]> _waiting = new();

        /// <summary>Requests that were acknowledged.</summary>
        public ConcurrentBag<Decision[]> Acknowledged { get; } = [];

        public long Decisions { get; set; }

        public long LastVersion { get; private set; }

        /// <summary>Signals that were acknowledged, those of <see cref="ResendAsync"/> included.</summary>
        public long Sent { get; private set; }

        public long Distinct => Acknowledged.Count * (long)PerRequest;

        public long Impressions => Acknowledged.Sum(request => request.Length);

        public double Reward => Impressions * RewardOfOne;

        public long ImpressionsOf(string module) => Acknowledged.SelectMany(request => request).Count(decision => decision.Variant["headline"].Module == module);

        public double RewardOf(string module) => ImpressionsOf(module) * RewardOfOne;

        public async Task DecideAsync(Api api, int many)
        {
            var decisions = await api.DecideManyAsync(Campaign, many);
            Decisions += many;
            LastVersion = decisions.Max(decision => decision.PolicyVersion);
            foreach (var request in decisions.Chunk(PerRequest / 3))
                _waiting.Enqueue(request);
        }

        /// <summary>Sends what waits until all is acknowledged or the engine is gone.</summary>
        /// <param name="api">The engine.</param>
        /// <param name="endless">Goes on with duplicates where nothing waits any more, until the engine is gone.</param>
        /// <param name="acknowledged">Called after each acknowledgement.</param>
        public async Task SendAsync(Api api, bool endless = false, Action? acknowledged = null)
        {
            var before = Acknowledged.Count;
            await Task.WhenAll(Enumerable.Range(0, Senders).Select(_ => SendInTurnAsync(api, endless, acknowledged)));
            Sent += (Acknowledged.Count - before) * (long)PerRequest;
        }

        /// <summary>Sends everything once more.</summary>
        public async Task ResendAsync(Api api)
        {
            foreach (var request in Acknowledged)
                (await api.PostAsync("/v1/signals", BodyOf(request))).Expect(202);
            Sent += Distinct;
        }

        private async Task SendInTurnAsync(Api api, bool endless, Action? acknowledged)
        {
            while (true)
            {
                if (!_waiting.TryDequeue(out var request))
                {
                    if (endless && await IsAcknowledgedAsync(api, Acknowledged.First()))
                        continue;
                    return;
                }
                if (!await IsAcknowledgedAsync(api, request))
                {
                    _waiting.Enqueue(request);
                    return;
                }
                Acknowledged.Add(request);
                acknowledged?.Invoke();
            }
        }

        private static async Task<bool> IsAcknowledgedAsync(Api api, Decision[] request)
        {
            try
            {
                var answer = await api.PostAsync("/v1/signals", BodyOf(request));
                return answer.Status != 503 && answer.Expect(202).Status == 202;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        }

        private static string BodyOf(Decision[] request) => Wire.Array(request.SelectMany(decision => new[]
        {
            Wire.Signal(decision, "impression"), Wire.Signal(decision, "click"), Wire.Signal(decision, "conversion", "order-1"),
        }));
    }
}
