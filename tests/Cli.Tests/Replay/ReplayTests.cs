using System.Text.Json.Nodes;
using Flywheel.Cli.Replay;
using Flywheel.Client;
using Flywheel.Silo.Tests;

namespace Flywheel.Cli.Tests.Replay;

/// <summary>flywheel replay, into a real engine: what a log says is counted once, as observed, however often it is sent.</summary>
public sealed class ReplayTests(EngineFixture engine) : IClassFixture<EngineFixture>, IDisposable
{
    private const int Many = 3_000;

    private readonly TempFolder _files = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task Replay_ALogTwiceAndGrown_CountsEachRowOnceAsObserved()
    {
        await PutAsync("once");
        var log = await WriteAsync("log.csv", Enumerable.Range(0, Many).Select(Row));

        var first = await engine.JsonAsync("replay", log, "--campaign", "once");
        var again = await engine.JsonAsync("replay", log, "--campaign", "once");
        await File.AppendAllLinesAsync(log, [Row(Many), Row(Many + 1)], Cancel);
        var grown = await engine.JsonAsync("replay", log, "--campaign", "once");

        var signals = Many + (Many / 10);
        Assert.Equal((Many, signals, signals, 0, 0), Figures(first));
        Assert.Equal((Many, signals, signals, signals, 0), Figures(again));
        Assert.Equal((Many + 2, signals + 3, signals + 3, signals, 0), Figures(grown));
        var scores = await engine.Api.ScoresAsync("once");
        Assert.Equal(0, scores.Segments.Sum(segment => segment.Impressions + segment.Learned.Impressions + segment.Control.Impressions));
        var modules = scores.Segments.SelectMany(segment => segment.Slots.Where(slot => slot.Id == "headline").SelectMany(slot => slot.Modules)).ToList();
        Assert.Equal(Many + 2, modules.Sum(module => module.Observed?.Impressions ?? 0));
        // Every tenth earns two clicks.
        Assert.Equal(2 * ((Many / 10) + 1), modules.Sum(module => module.Observed?.Reward ?? 0));
        Assert.Equal((Many / 2) + 1, scores.Segments.Single(segment => segment.Id == "young").Observed!.Impressions);
    }

    /// <summary>What the engine writes of a campaign is what another can be told.</summary>
    [Fact]
    public async Task Replay_TheLogOfACampaign_TellsAnotherWhatItEarned()
    {
        await PutAsync("source");
        await PutAsync("copy");
        var decisions = await engine.Api.DecideManyAsync("source", 40);
        (await engine.Api.PostAsync("/v1/signals", Wire.Lines(decisions.Select((decision, i) => Wire.Signal(decision, "impression"))
            .Concat(decisions.Take(7).Select(decision => Wire.Signal(decision, "click")))), Api.Lines)).Expect(202);
        await Eventually.ReadsAsync(() => engine.Api.ScoresAsync("source"), scores => scores.Ledger.Counted == 47, "47 signals", scores => scores.Ledger);
        var log = _files.File("source.csv");
        await File.WriteAllTextAsync(log, (await engine.Api.GetAsync("/v1/campaigns/source/log")).Expect(200).Text, Cancel);

        var table = await engine.DoneAsync("replay", log, "--campaign", "copy");

        Assert.Contains("Duplicates", table, StringComparison.Ordinal);
        var observed = (await engine.Api.ScoresAsync("copy")).Segments.Single(segment => segment.Id == "default").Observed!;
        Assert.Equal((40, 7), (observed.Impressions, observed.Reward));
    }

    [Fact]
    public async Task Replay_BrokenOff_GoesOnWhereItSaysAndCountsEachRowOnce()
    {
        await PutAsync("broken");
        var log = await WriteAsync("log.csv", Enumerable.Range(0, Many).Select(Row));
        await using var replay = RunningCommand.Start(engine.Url, "replay", log, "--campaign", "broken", "--rate", "100", "--json");
        await Eventually.ReadsAsync(() => engine.Api.ScoresAsync("broken"), scores => scores.Ledger.Counted > 0, "the first batch", scores => scores.Ledger);

        Assert.Equal(130, await replay.InterruptAsync());
        var next = JsonNode.Parse(replay.Output)!["nextRow"]!.GetValue<long>();
        Assert.InRange(next, 2, Many);
        Assert.Contains($"--from-row {next}", replay.Errors, StringComparison.Ordinal);
        var rest = await engine.JsonAsync("replay", log, "--campaign", "broken", "--from-row", $"{next}");

        Assert.Null(rest["nextRow"]);
        Assert.Equal(Many + (Many / 10), (await engine.Api.ScoresAsync("broken")).Ledger.Counted);
    }

    [Fact]
    public async Task Replay_ARowThatTheCampaignCannotTake_NamesItsLineAndSendsTheRest()
    {
        await PutAsync("partly");
        var log = await WriteAsync("log.csv", ["young,h1|i1,1,1", "young,h9|i1,1,0", "old,h1|i1,1,0", "young,h1,1,0", "young,h2|i1,1,0"]);

        var (code, output, error) = await CommandLine.RunAsync(engine.Url, "replay", log, "--campaign", "partly", "--json");

        Assert.True(code == 6, error);
        var report = JsonNode.Parse(output)!;
        Assert.Equal((5, 5, 3, 0, 3), Figures(report));
        Assert.Equal([3, 4, 5], report["rejections"]!.AsArray().Select(each => each!["line"]!.GetValue<int>()).Order());
    }

    [Theory]
    [InlineData("young,h1|i1,1,nine", "line 2, column reward: came \"nine\"")]
    [InlineData("young,h1|i1,1,0.5", "1 to 1,000,000 times the 1 that a click earns")]
    [InlineData("young,,1,0", "column action: came nothing")]
    [InlineData("young,h1|i1,1", "3 fields")]
    public async Task Replay_ALogThatIsWrong_SendsNothing(string row, string message)
    {
        await PutAsync("wrong");
        var log = await WriteAsync("log.csv", [row, "young,h1|i1,1,1"]);

        var (code, output, error) = await CommandLine.RunAsync(engine.Url, "replay", log, "--campaign", "wrong");

        Assert.Contains(message, error, StringComparison.Ordinal);
        Assert.Contains("nothing was sent", error, StringComparison.Ordinal);
        Assert.Equal((2, ""), (code, output));
        Assert.Equal(0, (await engine.Api.ScoresAsync("wrong")).Ledger.Accepted);
    }

    [Theory]
    [InlineData(4, "no campaign nobody", "--campaign", "nobody")]
    [InlineData(2, "--type: came sale", "--campaign", "bad", "--type", "sale")]
    [InlineData(2, "--from-row: came 9", "--campaign", "bad", "--from-row", "9")]
    [InlineData(5, "could not be reached", "--campaign", "bad", "--url", "http://127.0.0.1:1")]
    public async Task Replay_WhatCannotWork_SaysWhy(int expected, string message, params string[] args)
    {
        await PutAsync("bad");
        var log = await WriteAsync("log.csv", [Row(0)]);

        var (code, _, error) = await CommandLine.RunAsync(engine.Url, ["replay", log, .. args]);

        Assert.Contains(message, error, StringComparison.Ordinal);
        Assert.Equal(expected, code);
    }

    [Theory]
    [InlineData(2, null, 6, 3, null)]
    [InlineData(0.1, null, 0.3, 3, null)]
    [InlineData(1, 0.1, 6, 1, 50.0)]
    [InlineData(0, 0.5, 3, 1, 6.0)]
    public void Saying_ARewardThatFits_IsTheSameReward(double weight, double? perValue, double reward, long count, double? value)
    {
        var saying = ReplayReward.Of(Rewarding(weight, perValue), null).Saying(reward)!.Value;

        Assert.Equal(count, saying.Count);
        Assert.Equal(value is null, saying.Value is null);
        Assert.Equal(reward, (saying.Count * weight) + (saying.Value * perValue ?? 0), 9);
    }

    [Theory]
    [InlineData(2, null, 3)]
    [InlineData(1, 0.1, 0.5)]
    [InlineData(1, null, 1_000_001)]
    public void Saying_ARewardThatDoesNot_IsNull(double weight, double? perValue, double reward) =>
        Assert.Null(ReplayReward.Of(Rewarding(weight, perValue), null).Saying(reward));

    private static Campaign Rewarding(double weight, double? perValue) => new()
    {
        Slots = [],
        Rewards = new Dictionary<string, Reward> { ["order"] = new() { Weight = weight, PerValue = perValue }, ["cap"] = 100 },
    };

    private async Task PutAsync(string campaign) =>
        Assert.InRange((await engine.Api.PutAsync($"/v1/campaigns/{campaign}", Wire.Campaign([2, 1], "\"segments\":[{\"id\":\"young\"}],\"rewards\":{\"click\":1}"))).Status, 200, 201);

    private static string Row(int i) => $"{(i % 2 == 0 ? "young" : "")},h{1 + (i % 3 == 0 ? 1 : 0)}|i1,0.5,{(i % 10 == 0 ? 2 : 0)}";

    private async Task<string> WriteAsync(string name, IEnumerable<string> rows)
    {
        await File.WriteAllLinesAsync(_files.File(name), rows.Prepend("context,action,propensity,reward"), Cancel);
        return _files.File(name);
    }

    private static (int Rows, int Sent, int Accepted, int Duplicate, int Rejected) Figures(JsonNode report) =>
        (Int(report, "rows"), Int(report, "sent"), Int(report, "accepted"), Int(report, "duplicate"), Int(report, "rejected"));

    private static int Int(JsonNode report, string name) => report[name]!.GetValue<int>();
}
