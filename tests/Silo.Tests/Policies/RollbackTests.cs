using System.Globalization;
using Flywheel.Client;
using Flywheel.Domain.Learning.Checkpoints;
using Microsoft.Extensions.DependencyInjection;

namespace Flywheel.Silo.Tests.Policies;

/// <summary>Forged clicks move the traffic to the worse headline; one call brings the policy of before back. On an engine whose clock a test steps.</summary>
public sealed class RollbackTests : IAsyncLifetime
{
    private const string Campaign = "spring";
    private const string Path = $"/v1/campaigns/{Campaign}";
    private const double Control = 0.1;

    /// <summary>
    /// A fit may lack the last signals where they would move no estimate by a tenth of its standard error (RefitRule), so the policy that was
    /// served differs from that of all signals before the checkpoint by no more than a normal share does over 0.1: 0.1 ÷ √(2π).
    /// </summary>
    private const double Tolerance = 0.04;

    private readonly SteppedTime _time = new();
    private readonly TempFolder _data = new();
    private Engine _engine = null!;
    private long _accepted;
    private int _barriers;

    private Api Api => _engine.Api;

    public async ValueTask InitializeAsync() => await StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        _data.Dispose();
    }

    [Fact]
    public async Task Rollback_AfterForgedClicks_BringsTheEarlierPolicyBackAndLearnsOn()
    {
        await PutAsync();
        await LearnHonestlyAsync();
        var before = await PropensitiesAsync();
        Assert.True(before["h1"] > 0.85, $"the better headline leads: {before["h1"]}");
        _time.Step(CheckpointRule.Every + TimeSpan.FromMinutes(1));
        var attack = _time.GetUtcNow();
        _time.Step(TimeSpan.FromMinutes(1));
        await ForgeAsync();
        Assert.True((await PropensitiesAsync())["h2"] > 0.85, "forged clicks make the worse headline lead");
        var counted = await SettledAsync();

        var answer = (await Api.PostAsync($"{Path}/policy/rollback", $$"""{"to":"{{Text(attack)}}"}""")).Expect(200).Json;

        var after = await PropensitiesAsync();
        Assert.All(before, each => Assert.Equal(each.Value, after[each.Key], Tolerance));
        Assert.Equal(1, after.Values.Sum(), 1e-9);
        var scores = await SettledAsync();
        // The barrier is the one signal more.
        Assert.Equal(counted.Ledger with { Accepted = counted.Ledger.Accepted + 1, Counted = counted.Ledger.Counted + 1 }, scores.Ledger);
        Assert.Equal(
            counted.Segments[0].Slots[0].Modules.Select(module => (module.Id, module.Impressions, module.Reward)),
            scores.Segments[0].Slots[0].Modules.Select(module => (module.Id, module.Impressions, module.Reward)));
        Assert.True(scores.Segments[0].PolicyVersion > counted.Segments[0].PolicyVersion);
        Assert.True(answer["served"]!.GetValue<bool>());
        var entry = (await Api.GetAsync($"{Path}/history?kind=policyRolledBack")).Expect(200).Json["entries"]![0]!;
        Assert.StartsWith($"to {Text(attack)}: 1 segment back to the checkpoint of ", entry["comment"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Contains("flywheel_policy_rollbacks_total{outcome=\"done\"} 1", (await Api.GetAsync("/metrics")).Text, StringComparison.Ordinal);
        // Late clicks of the forged time teach nothing; what comes of new decisions does.
        _time.Step(TimeSpan.FromSeconds(1));
        await LearnAsync(2_000, decision => ModuleOf(decision) == "h2");
        Assert.True((await PropensitiesAsync())["h2"] > 0.85, "it learns on");
    }

    [Fact]
    public async Task Rollback_OfAnEngineThatStartsAgain_HoldsAndCanBeUndone()
    {
        await PutAsync();
        await LearnHonestlyAsync();
        _time.Step(CheckpointRule.Every + TimeSpan.FromMinutes(1));
        await ForgeAsync();
        var forged = await PropensitiesAsync();
        await using var client = new FlywheelClient(Api.Http);
        var checkpoint = (await client.GetCheckpointsAsync(Campaign, "default", TestContext.Current.CancellationToken)).Segments[0].Checkpoints[0];
        var rolledBack = await client.RollBackAsync(Campaign, checkpoint.At, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal((checkpoint.At, checkpoint.Impressions, true), (rolledBack.Segments[0].Checkpoint, rolledBack.Segments[0].Impressions, rolledBack.Served));
        var after = await PropensitiesAsync();

        await _engine.DisposeAsync();
        await StartAsync();

        Assert.Equal(after, await PropensitiesAsync());
        await using var again = new FlywheelClient(Api.Http);
        var kept = (await again.GetCheckpointsAsync(Campaign, cancellationToken: TestContext.Current.CancellationToken)).Segments.Single(segment => segment.Id == "default");
        Assert.Equal(1, kept.Rollbacks);
        Assert.Equal(["rolledBack", "beforeRollback", "regular", "regular"], kept.Checkpoints.Select(each => each.Kind));
        await again.RollBackAsync(Campaign, rolledBack.Undo, "default", TestContext.Current.CancellationToken);
        var undone = await PropensitiesAsync();
        Assert.All(forged, each => Assert.Equal(each.Value, undone[each.Key], Tolerance));
    }

    [Fact]
    public async Task Rollback_ToBeforeAllCheckpoints_Is422AndNamesThoseThatThereAre()
    {
        await PutAsync();
        await LearnAsync(100, _ => true);
        var only = (await Api.GetAsync($"{Path}/policy/checkpoints")).Expect(200).Json["segments"]![0]!["checkpoints"]![0]!["at"]!.GetValue<DateTimeOffset>();

        var answer = (await Api.PostAsync($"{Path}/policy/rollback", """{"to":"2020-05-04T09:55:00+02:00"}""")).Expect(422).Json;

        var error = answer["errors"]!["to"]![0]!.GetValue<string>();
        Assert.Contains("2020-05-04T07:55:00.000Z", error, StringComparison.Ordinal);
        Assert.Contains(Text(only), error, StringComparison.Ordinal);
        Assert.Empty((await Api.GetAsync($"{Path}/history?kind=policyRolledBack")).Expect(200).Json["entries"]!.AsArray());
        Assert.Contains("flywheel_policy_rollbacks_total{outcome=\"refused\"} 1", (await Api.GetAsync("/metrics")).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("[]", "")]
    [InlineData("{}", "to")]
    [InlineData("""{"to":5}""", "to")]
    [InlineData("""{"to":"yesterday"}""", "to")]
    [InlineData("""{"to":"2999-01-01T00:00:00Z"}""", "to")]
    [InlineData("""{"to":"2026-05-04T09:55:00Z","to":"2026-05-04T09:55:00Z"}""", "")]
    [InlineData("""{"to":"2026-05-04T09:55:00Z","segment":7}""", "segment")]
    [InlineData("""{"to":"2026-05-04T09:55:00Z","segment":"nobody"}""", "segment")]
    [InlineData("""{"to":"2026-05-04T09:55:00Z","policyVersion":7}""", "")]
    public async Task Rollback_NotWellFormed_Is400AndNamesTheField(string body, string field)
    {
        await PutAsync();

        var answer = (await Api.PostAsync($"{Path}/policy/rollback", body)).Expect(400).Json;

        Assert.Equal([field], answer["errors"]!.AsObject().Select(error => error.Key));
    }

    [Fact]
    public async Task Rollback_NoSuchCampaignOrSegment_IsSaid()
    {
        (await Api.PostAsync("/v1/campaigns/nobody/policy/rollback", """{"to":"2026-05-04T09:55:00Z"}""")).Expect(404);
        (await Api.GetAsync("/v1/campaigns/nobody/policy/checkpoints")).Expect(404);
        await PutAsync();
        (await Api.GetAsync($"{Path}/policy/checkpoints?segment=nobody")).Expect(400);
        Assert.Empty((await Api.GetAsync($"{Path}/policy/checkpoints")).Expect(200).Json["segments"]!.AsArray());
        Assert.Contains("nothing has been learnt yet", (await Api.PostAsync($"{Path}/policy/rollback", """{"to":"2026-05-04T09:55:00Z"}""")).Expect(422).Text, StringComparison.Ordinal);
    }

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static string ModuleOf(Decision decision) => decision.Variant["headline"].Module;

    private async Task StartAsync() => _engine = await Engine.StartAsync(_data, services => services.AddSingleton<TimeProvider>(_time));

    private async Task PutAsync() => (await Api.PutAsync(Path, Wire.Campaign([2], $"\"rewards\":{{\"click\":1}},\"policy\":{{\"control\":{Control.ToString(CultureInfo.InvariantCulture)}}}"))).Expect(201);

    /// <summary>h1 earns 20 %, h2 10 %.</summary>
    private async Task LearnHonestlyAsync()
    {
        var made = 0;
        for (var round = 0; round < 4; round++)
            await LearnAsync(1_000, decision => made++ % (ModuleOf(decision) == "h1" ? 5 : 10) == 0);
    }

    /// <summary>All of h2 earn, and nothing else.</summary>
    private Task ForgeAsync() => LearnAsync(4_000, decision => ModuleOf(decision) == "h2");

    private async Task LearnAsync(int many, Func<Decision, bool> clicks)
    {
        var decisions = await Api.DecideManyAsync(Campaign, many);
        await SendAsync([.. decisions.Select(decision => Wire.Signal(decision, "impression"))]);
        await SendAsync([.. decisions.Where(clicks).Select(decision => Wire.Signal(decision, "click"))]);
        await SettledAsync();
    }

    private async Task SendAsync(params IReadOnlyCollection<string> signals)
    {
        if (signals.Count == 0)
            return;
        var answer = (await Api.PostAsync("/v1/signals", Wire.Array(signals))).Expect(202);
        Assert.Equal(signals.Count, answer.Json["accepted"]!.GetValue<int>());
        _accepted += signals.Count;
    }

    /// <summary>The scores once they show all that was sent; a partition counts in order.</summary>
    private async Task<ScoreDocument> SettledAsync()
    {
        await SendAsync(Wire.Observed(Campaign, $"barrier-{++_barriers}", "barrier"));
        return await Eventually.ReadsAsync(() => Api.ScoresAsync(Campaign), scores => scores.Ledger.Accepted == _accepted, $"{_accepted} signals accepted", scores => scores.Ledger);
    }

    /// <summary>The exact chance of each headline, as decisions say it.</summary>
    private async Task<SortedDictionary<string, double>> PropensitiesAsync()
    {
        var decisions = await Api.DecideManyAsync(Campaign, 500);
        return new(decisions.GroupBy(ModuleOf).ToDictionary(group => group.Key, group => group.Last().Propensity));
    }
}
