using System.Text.Json.Nodes;
using Flywheel.Silo.Logging;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Flywheel.Silo.Tests.Operating;

public sealed class LogTests
{
    [Fact]
    public async Task Json_OfAnEngineWithAProblem_IsAnObjectALineWithCampaignAndTrace()
    {
        using var data = new TempFolder();
        // Nobody listens there: the model cannot be reached, and neither can the collector of traces.
        await using var engine = await EngineProcess.StartAsync(
            data, "--log-format", "json", "--model-url", "http://127.0.0.1:1/v1", "--model", "none", "--otlp-endpoint", "http://127.0.0.1:1", "--trace-ratio", "1");
        (await engine.Api.PutAsync("/v1/campaigns/spring", Wire.Spring)).Expect(201);
        (await engine.Api.PostAsync("/v1/campaigns/spring/slots/headline/refresh", "")).Expect(202);

        await Eventually.ReadsAsync(() => Task.FromResult(engine.Output), output => output.Contains("The model did not write", StringComparison.Ordinal), "a line about the model");
        await engine.EndAsync("TERM");

        var lines = engine.Output.Split('\n').Select(line => JsonNode.Parse(line)!.AsObject()).ToList();
        Assert.All(lines, line =>
        {
            Assert.Equal(DateTimeKind.Utc, line["time"]!.GetValue<DateTime>().Kind);
            Assert.Contains(line["level"]!.GetValue<string>(), (string[])["information", "warning", "error", "critical"]);
            Assert.NotEmpty(line["category"]!.GetValue<string>());
            Assert.NotEmpty(line["message"]!.GetValue<string>());
        });
        var problem = Assert.Single(lines, line => line["message"]!.GetValue<string>().StartsWith("The model did not write", StringComparison.Ordinal));
        Assert.Equal(("warning", "spring", "write"), (problem["level"]!.GetValue<string>(), problem["campaign"]!.GetValue<string>(), problem["task"]!.GetValue<string>()));
        Assert.Matches("^[0-9a-f]{32}$", problem["trace"]!.GetValue<string>());
        Assert.Matches("^[0-9a-f]{16}$", problem["span"]!.GetValue<string>());
    }

    [Fact]
    public void Json_ExceptionAndLineBreaks_StayOnOneLine()
    {
        var written = new StringWriter();
        KeyValuePair<string, object?>[] state = [new("Partition", 7), new("Why", "first\nsecond \"é\""), new("Level", "mine"), new("{OriginalFormat}", "…")];

        new JsonLines().Write(
            new LogEntry<KeyValuePair<string, object?>[]>(LogLevel.Error, "Flywheel.X", new EventId(1, "LogX"), state, Thrown(), (_, _) => "It broke\r\nagain"), null, written);

        var line = Assert.Single(written.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
        var json = JsonNode.Parse(line)!;
        Assert.Equal(("error", "Flywheel.X", "LogX", "It broke\r\nagain"), (Text("level"), Text("category"), Text("event"), Text("message")));
        Assert.Equal((7, "first\nsecond \"é\""), (json["partition"]!.GetValue<int>(), Text("why")));
        Assert.Equal("System.InvalidOperationException: no\nway", Text("exception"));
        Assert.Contains(nameof(Thrown), Text("stack"), StringComparison.Ordinal);

        string Text(string member) => json[member]!.GetValue<string>();
    }

    [Fact]
    public void Throttle_OneKindRepeats_HoldsBackThatKindAloneAndSaysHowMuch()
    {
        var time = new FakeTimeProvider();
        var throttle = new Throttle(time);

        Assert.Equal(Throttle.Most, Enumerable.Range(0, 1_000).Count(_ => throttle.Ask("a", "flood").MayWrite));
        Assert.Equal((true, 0L), throttle.Ask("a", "other"));
        Assert.Equal((true, 0L), throttle.Ask("b", "flood"));

        time.Advance(Throttle.Window);
        Assert.Equal((true, 1_000L - Throttle.Most), throttle.Ask("a", "flood"));
        Assert.Equal((true, 0L), throttle.Ask("a", "flood"));
    }

    [Fact]
    public void Throttle_KindsBeyondItsBound_ShareOne()
    {
        var throttle = new Throttle(new FakeTimeProvider());

        Assert.InRange(Enumerable.Range(0, 5_000).Count(i => throttle.Ask("a", $"kind-{i}").MayWrite), 1_000, 1_000 + Throttle.Most);
    }

    private static InvalidOperationException Thrown()
    {
        try
        {
            throw new InvalidOperationException("no\nway");
        }
        catch (InvalidOperationException e)
        {
            return e;
        }
    }
}
