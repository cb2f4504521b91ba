using System.Text.Json.Nodes;
using Flywheel.Silo.Tests;

namespace Flywheel.Cli.Tests.Load;

/// <summary>flywheel load, against a real engine: what it reports is what the engine counted.</summary>
public sealed class LoadTests(EngineFixture engine) : IClassFixture<EngineFixture>
{
    [Fact]
    public async Task Load_SimulatedCampaign_ReportsWhatTheEngineCounts()
    {
        (await engine.Api.PutAsync("/v1/campaigns/sim", Wire.Campaign([3], "\"simulation\":true,\"segments\":[{\"id\":\"a\"}]"))).Expect(201);

        var report = await engine.JsonAsync("load", "--campaign", "sim", "--seconds", "2", "--connections", "4");

        var total = report["total"]!;
        var (decisions, signals) = (Count(total, "decisions"), Count(total, "signals"));
        Assert.True(decisions > 0 && signals >= decisions, total.ToJsonString());
        var scores = await Eventually.ReadsAsync(() => engine.Api.ScoresAsync("sim"), scores => scores.Ledger.Counted == signals, $"{signals} counted signals", scores => scores.Ledger);
        Assert.Equal(decisions, scores.Segments.Sum(segment => segment.Impressions));
        Assert.All(scores.Segments, segment => Assert.True(segment.Decisions > 0));
        Assert.Empty(report["failures"]!.AsArray());
        foreach (var kind in (string[])["decisions", "signals"])
        {
            var latency = total[kind]!["latencyMs"]!;
            double[] rising = [0, latency["p50"]!.GetValue<double>(), latency["p99"]!.GetValue<double>(), latency["p999"]!.GetValue<double>(), latency["max"]!.GetValue<double>()];
            Assert.Equal(rising.Order(), rising);
            Assert.True(rising[1] > 0);
        }
    }

    [Fact]
    public async Task Load_AtARate_AsksForThatManyInAll()
    {
        var report = await engine.JsonAsync("load", "--seconds", "2", "--rate", "50");

        Assert.Equal(100, Count(report["total"]!, "decisions") + report["total"]!["decisions"]!["errors"]!.GetValue<long>() + report["missed"]!.GetValue<long>());
        Assert.Equal("flywheel-load", report["campaign"]!.GetValue<string>());
        (await engine.Api.GetAsync("/v1/campaigns/flywheel-load")).Expect(404);
    }

    [Fact]
    public async Task Load_SeveralUrls_ReportsEachByItself()
    {
        (await engine.Api.PutAsync("/v1/campaigns/two", Wire.Campaign([2], "\"simulation\":true"))).Expect(201);
        using var data = new TempFolder();
        await using var other = await EngineProcess.StartAsync(data);
        (await other.Api.PutAsync("/v1/campaigns/two", Wire.Campaign([2], "\"simulation\":true"))).Expect(201);
        var second = other.Api.Http.BaseAddress!;

        var report = await engine.JsonAsync("load", "--url", engine.Url.ToString(), "--url", second.ToString(), "--campaign", "two", "--seconds", "1", "--connections", "2");

        var engines = report["engines"]!.AsArray();
        Assert.Equal([engine.Url.ToString(), second.ToString()], engines.Select(each => each!["url"]!.GetValue<string>()));
        Assert.All(engines, each => Assert.True(Count(each!, "decisions") > 0));
        Assert.Equal(Count(report["total"]!, "decisions"), engines.Sum(each => Count(each!, "decisions")));
        await Eventually.ReadsAsync(() => other.Api.ScoresAsync("two"), scores => scores.Ledger.Counted == Count(engines[1]!, "signals"), "its own signals at the second", scores => scores.Ledger);
    }

    [Fact]
    public async Task Load_CampaignOfPeople_WantsToBeTold()
    {
        (await engine.Api.PutAsync("/v1/campaigns/people", Wire.Campaign([2]))).Expect(201);

        var (code, output, error) = await CommandLine.RunAsync(engine.Url, "load", "--campaign", "people", "--seconds", "1");

        Assert.Equal((2, ""), (code, output));
        Assert.Contains("--yes", error, StringComparison.Ordinal);
        Assert.Equal(0, (await engine.Api.ScoresAsync("people")).Segments.Sum(segment => segment.Decisions));
        Assert.Contains("p99.9", await engine.DoneAsync("load", "--campaign", "people", "--seconds", "1", "--yes"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Load_PausedCampaign_SaysWhatFailed()
    {
        (await engine.Api.PutAsync("/v1/campaigns/paused", Wire.Campaign([2], "\"simulation\":true,\"status\":\"paused\""))).Expect(201);

        var (code, output, _) = await CommandLine.RunAsync(engine.Url, "load", "--campaign", "paused", "--seconds", "1", "--rate", "20", "--json");

        Assert.Equal(6, code);
        var failure = Assert.Single(JsonNode.Parse(output)!["failures"]!.AsArray())!;
        Assert.Contains("not live", failure["error"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(20, failure["count"]!.GetValue<long>());
    }

    [Theory]
    [InlineData(2, "--seconds: came 0", "--seconds", "0")]
    [InlineData(2, "--rate: came 0", "--rate", "0")]
    [InlineData(4, "no campaign nobody", "--campaign", "nobody")]
    [InlineData(5, "could not be reached", "--url", "http://127.0.0.1:1")]
    public async Task Load_WhatCannotWork_SaysWhy(int expected, string message, params string[] args)
    {
        var (code, _, error) = await CommandLine.RunAsync(engine.Url, ["load", .. args]);

        Assert.Contains(message, error, StringComparison.Ordinal);
        Assert.Equal(expected, code);
    }

    private static long Count(JsonNode report, string kind) => report[kind]!["count"]!.GetValue<long>();
}
