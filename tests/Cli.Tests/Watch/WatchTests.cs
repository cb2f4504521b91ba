using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Flywheel.Signals.Tests.Redis;
using Flywheel.Silo.Tests;

namespace Flywheel.Cli.Tests.Watch;

/// <summary>flywheel watch, in a pipe and on a terminal, with an engine that comes and goes.</summary>
public sealed class WatchTests(EngineFixture engine) : IClassFixture<EngineFixture>
{
    private const string Simulated = "\"simulation\":true";
    private const string Escape = "\u001b[";

    private static readonly Dictionary<string, string> NoVariables = [];

    [Fact]
    public async Task Watch_InAPipe_SaysALineAChangeAndEndsCleanAtCtrlC()
    {
        await PutAsync("piped");
        await using var watch = RunningCommand.Start(engine.Url, "watch", "piped");
        await watch.WritesAsync(all => Said(all, "h1").Count == 1 && Said(all, "h2").Count == 1, "a line for each module");

        await ClickAsync("piped");
        await watch.WritesAsync(all => Said(all, "h1").Count > 1 && all.Lines.Any(line => line.Contains("\tdefault\tverdict\t", StringComparison.Ordinal)), "what the clicks changed, and a verdict");

        Assert.Equal(0, await watch.InterruptAsync());
        Assert.Equal("connected\n", watch.Errors);
        Assert.All(watch.Lines, line => Assert.Matches(@"^\d\d:\d\d:\d\d\t", line));
        Assert.DoesNotContain(Escape, watch.Output, StringComparison.Ordinal);
        Assert.Matches(@"^\d\d:\d\d:\d\d\tdefault\theadline\th1\tshare .* %\trate 0\.\d{4} \[0\.\d{4}, 0\.\d{4}\]\tresonance \d+ \[\d+, \d+\]\tlearning$", Said(watch, "h1")[0]);
        Assert.All(Said(watch, "h1").Zip(Said(watch, "h1").Skip(1)), pair => Assert.NotEqual(pair.First[9..], pair.Second[9..]));
    }

    [Fact]
    public async Task Watch_Json_WritesOneNamedDocumentALine()
    {
        await PutAsync("lines");
        await ClickAsync("lines");
        await using var watch = RunningCommand.Start(engine.Url, "watch", "lines", "--json");

        await watch.WritesAsync(all => Documents(all).Any(document => document.TryGetProperty("experiment", out _)), "an experiment");

        Assert.Equal(0, await watch.InterruptAsync());
        Assert.All(Documents(watch), document => Assert.Contains(Assert.Single(document.EnumerateObject()).Name, (string[])["connection", "scores", "experiment"]));
        Assert.True(Documents(watch)[0].GetProperty("connection").GetProperty("isConnected").GetBoolean());
        Assert.Equal("lines", Documents(watch).First(document => document.TryGetProperty("scores", out _)).GetProperty("scores").GetProperty("campaign").GetString());
    }

    [Fact]
    public async Task Watch_OnATerminal_RedrawsInPlaceInColourAndGivesTheCursorBack()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/script"), "script is missing");
        await PutAsync("drawn");
        await using var watch = RunningCommand.StartOnTerminal(engine.Url, NoVariables, "watch", "drawn");
        await watch.WritesAsync(all => all.Output.Contains("Ctrl-C ends it", StringComparison.Ordinal), "a table");
        await ClickAsync("drawn");
        await watch.WritesAsync(all => all.Output.Contains("9 impressions", StringComparison.Ordinal), "the table with the clicks");

        Assert.Equal(0, await watch.TypeInterruptAsync());

        Assert.Matches(@"\u001b\[\d+A", watch.Output);
        Assert.Matches(@"\u001b\[[0-9;]*(38|48);5", watch.Output);
        Assert.Equal("\u001b[?25h", watch.Output.TrimEnd('\r', '\n')[^6..]);
    }

    [Fact]
    public async Task Watch_NoColor_DrawsWithoutColour()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/script"), "script is missing");
        await PutAsync("plain");
        await using var watch = RunningCommand.StartOnTerminal(engine.Url, new Dictionary<string, string> { ["NO_COLOR"] = "1" }, "watch", "plain");

        await watch.WritesAsync(all => all.Output.Contains("SIMULATED AUDIENCE", StringComparison.Ordinal), "a table");

        Assert.Equal(0, await watch.TypeInterruptAsync());
        Assert.DoesNotMatch(@"\u001b\[[0-9;]*(3\d|4\d|9\d|38;5|48;5)[0-9;]*m", watch.Output);
    }

    [Fact]
    public async Task Watch_EngineGoesAwayAndComesBack_SaysSoAndGoesOn()
    {
        using var data = new TempFolder();
        string[] address = ["--urls", $"http://127.0.0.1:{RedisServer.FreePort().ToString(CultureInfo.InvariantCulture)}"];
        RunningCommand watch;
        await using (var first = await EngineProcess.StartAsync(data, address))
        {
            (await first.Api.PutAsync("/v1/campaigns/away", Wire.Campaign([2]))).Expect(201);
            watch = RunningCommand.Start(new Uri(address[1]), "watch", "away");
            await watch.WritesAsync(all => Said(all, "h1").Count > 0, "scores");
        }
        await using var _ = watch;
        await watch.WritesAsync(all => all.Errors.Contains("\nreconnecting in ", StringComparison.Ordinal), "a word on the connection");

        await using var second = await EngineProcess.StartAsync(data, address);

        await watch.WritesAsync(all => all.Errors.Split('\n').Count(line => line == "connected") == 2, "a connection again");
        Assert.Equal(0, await watch.InterruptAsync());
    }

    [Fact]
    public async Task Watch_CampaignIsDeleted_EndsAndSaysSo()
    {
        await PutAsync("doomed");
        await using var watch = RunningCommand.Start(engine.Url, "watch", "doomed");
        await watch.WritesAsync(all => Said(all, "h1").Count > 0, "scores");

        await engine.DoneAsync("campaign", "delete", "doomed", "--yes");

        Assert.Equal(4, await watch.ExitAsync());
        Assert.Contains("doomed is gone", watch.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watch_Once_ShowsEveryModuleAndEnds()
    {
        await PutAsync("once");

        var table = await engine.DoneAsync("watch", "once", "--once");
        var document = await engine.JsonAsync("watch", "once", "--once");

        Assert.Contains("SIMULATED AUDIENCE", table, StringComparison.Ordinal);
        Assert.Contains("h1", table, StringComparison.Ordinal);
        Assert.DoesNotContain(Escape, table, StringComparison.Ordinal);
        Assert.Equal("once", document["scores"]!["campaign"]!.GetValue<string>());
        Assert.Equal("learning", document["experiment"]!["overall"]!["verdict"]!.GetValue<string>());
    }

    [Theory]
    [InlineData(4, "404", "watch", "nobody")]
    [InlineData(2, "[a-z0-9-]", "watch", "../x")]
    [InlineData(2, "expected one of", "watch", "wrong", "--segment", "x")]
    [InlineData(5, "could not be reached", "watch", "wrong", "--url", "http://127.0.0.1:1")]
    [InlineData(2, "expected an address", "watch", "wrong", "--url", "nowhere")]
    [InlineData(1, "Required argument", "watch")]
    public async Task Watch_WhatCannotWork_SaysWhyAtOnce(int expected, string message, params string[] args)
    {
        await PutAsync("wrong");

        var (code, output, error) = await CommandLine.RunAsync(engine.Url, args);

        Assert.Contains(message, error, StringComparison.Ordinal);
        Assert.Equal(expected, code);
        Assert.Equal("", output);
    }

    [Theory]
    [InlineData(40)]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(100)]
    [InlineData(120)]
    public async Task Watch_OnATerminalOfThatWidth_HasALineAModule(int columns)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/script"), "script is missing");
        await engine.Api.PutAsync("/v1/campaigns/narrow", Wire.Campaign(
            [Wire.Slot("headline-of-the-page", [.. Enumerable.Range(1, 5).Select(i => Wire.Module($"run-lighter-this-spring-{i}", $"Text {i}"))]), Wire.Slot("image", Wire.Module("i1", "Text"))], Simulated));
        await using var watch = RunningCommand.StartOnTerminal(engine.Url, new Dictionary<string, string> { ["NO_COLOR"] = "1" }, columns, "watch", "narrow", "--once");

        Assert.Equal(0, await watch.ExitAsync());

        var lines = Regex.Replace(watch.Output, @"\u001b\[[0-9;?]*[A-Za-z]|\r", "").Split('\n').Select(line => line.TrimEnd()).ToList();
        Assert.All(lines, line => Assert.InRange(line.Length, 0, columns));
        var heading = lines.FindIndex(line => line.StartsWith("slot ", StringComparison.Ordinal));
        Assert.All(lines[(heading + 1)..(heading + 7)], line => Assert.Matches(@"^[hi]\S* +(r\S*[1-5]|i1) .* ?\d+\.\d % +0\.\d{4} ", line + " "));
        Assert.Equal("", lines[heading + 7]);
        Assert.Equal(columns >= 60, lines[heading].EndsWith("state", StringComparison.Ordinal));
    }

    private async Task PutAsync(string campaign) => await engine.Api.PutAsync($"/v1/campaigns/{campaign}", Wire.Campaign([2], Simulated));

    /// <summary>Nine decisions, each seen, those of h1 clicked.</summary>
    private async Task ClickAsync(string campaign)
    {
        var decisions = await engine.Api.DecideManyAsync(campaign, 9);
        var clicks = decisions.Where(decision => decision.Variant["headline"].Module == "h1").Select(decision => Wire.Signal(decision, "click"));
        (await engine.Api.PostAsync("/v1/signals", Wire.Lines(decisions.Select(decision => Wire.Signal(decision, "impression")).Concat(clicks)), Api.Lines)).Expect(202);
    }

    private static List<string> Said(RunningCommand watch, string module) => [.. watch.Lines.Where(line => line.Contains($"\theadline\t{module}\t", StringComparison.Ordinal))];

    /// <summary>Of the lines that are whole.</summary>
    private static List<JsonElement> Documents(RunningCommand watch) =>
        [.. watch.Output[..(watch.Output.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
}
