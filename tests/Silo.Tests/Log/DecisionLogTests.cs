using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace Flywheel.Silo.Tests.Log;

/// <summary>The log that off-policy evaluation reads: decisions with their propensities and rewards.</summary>
public sealed class DecisionLogTests(Engine engine) : EngineTest(engine)
{
    private const string Header = "context,action,propensity,reward,time,decision,channel";

    private string LogPath => $"{Path}/log";

    [Fact]
    public async Task Get_DecisionsWithSignals_IsARowForEachShown()
    {
        var (shown, clicked) = await ServeAsync();

        var answer = (await Api.GetAsync(LogPath)).Expect(200);

        Assert.Equal("text/csv", answer.ContentType);
        Assert.Equal(Expected(shown, clicked), RowsOf(answer));
    }

    [Fact]
    public async Task Get_AsLines_SaysTheSame()
    {
        var (shown, clicked) = await ServeAsync();

        var byQuery = (await Api.GetAsync($"{LogPath}?format=ndjson")).Expect(200);
        using var request = new HttpRequestMessage(HttpMethod.Get, LogPath) { Headers = { Accept = { new MediaTypeWithQualityHeaderValue("application/x-ndjson") } } };
        using var byHeader = await Api.Http.SendAsync(request, Cancel);

        Assert.Equal("application/x-ndjson", byQuery.ContentType);
        Assert.Equal(byQuery.Text, await byHeader.Content.ReadAsStringAsync(Cancel));
        Assert.Equal(Expected(shown, clicked), byQuery.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => Describe(JsonNode.Parse(line)!)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Get_AsParquet_SaysTheSame()
    {
        await ServeAsync();

        var csv = (await Api.GetAsync(LogPath)).Expect(200);
        var answer = (await Api.GetAsync($"{LogPath}?format=parquet")).Expect(200);
        var parquet = await Exports.ParquetFile.ReadAsync(answer.Bytes);

        Assert.Equal("application/vnd.apache.parquet", answer.ContentType);
        Assert.Equal(Exports.Csv.Lines(Exports.Csv.Read(csv.Text)), Exports.Csv.Lines(parquet.Rows));
        Assert.NotEmpty(parquet.Rows);
    }

    [Fact]
    public async Task Get_OneSegment_HasItsRowsAlone()
    {
        var (shown, clicked) = await ServeAsync();

        var rows = RowsOf((await Api.GetAsync($"{LogPath}?segment=young-urban")).Expect(200));

        Assert.Equal(Expected([.. shown.Where(decision => decision.Segment == "young-urban")], clicked), rows);
        Assert.NotEmpty(rows);
    }

    [Fact]
    public async Task Get_NothingServed_IsTheHeaderAlone()
    {
        await PutAsync(Wire.Spring);

        Assert.Equal(Header + "\n", (await Api.GetAsync(LogPath)).Expect(200).Text);
        Assert.Equal("", (await Api.GetAsync($"{LogPath}?format=ndjson")).Expect(200).Text);
    }

    [Fact]
    public async Task Get_AfterContentChanged_WritesTheKeyOfTheVersionThatWas()
    {
        await PutAsync(Wire.Campaign([1, 1]));
        await SendAllAsync(Wire.Signal(await DecideAsync(), "impression"));
        await SettledAsync();

        await PutAsync(Wire.Campaign([Wire.Slot("headline", Wire.Module("h1", "Other words")), Wire.Slot("image", Wire.Module("i1", "Text 1"))]));

        Assert.Matches("^default,#[0-9a-f]{16}[|]i1,1,0,", (await Api.GetAsync(LogPath)).Expect(200).Text.Split('\n')[1]);
    }

    [Fact]
    public async Task Get_UnknownCampaignFormatOrSegment_SaysWhatWouldBeRight()
    {
        await PutAsync(Wire.Spring);

        (await Api.GetAsync("/v1/campaigns/nowhere/log")).ExpectProblem(404);
        (await Api.GetAsync($"{LogPath}?format=xml")).ExpectFieldError("format");
        (await Api.GetAsync($"{LogPath}?segment=old")).ExpectFieldError("segment");
    }

    [Fact]
    public async Task Get_AfterARestart_IsTheSame()
    {
        using var data = new TempFolder();
        string before;
        await using (var first = await Engine.StartAsync(data))
        {
            (await first.Api.PutAsync("/v1/campaigns/spring", Wire.Spring)).Expect(201);
            var decisions = await first.Api.DecideManyAsync("spring", 100);
            (await first.Api.PostAsync("/v1/signals", Wire.Array(decisions.SelectMany(decision => new[] { Wire.Signal(decision, "impression"), Wire.Signal(decision, "click") })))).Expect(202);
            before = (await Eventually.ReadsAsync(
                () => first.Api.GetAsync("/v1/campaigns/spring/log"), log => log.Expect(200).Text.Split(",1,2").Length == 101, "100 rows with a reward of 1")).Text;
        }

        await using var second = await Engine.StartAsync(data);
        Assert.Equal(before, (await second.Api.GetAsync("/v1/campaigns/spring/log")).Expect(200).Text);
        (await second.Api.DeleteAsync("/v1/campaigns/spring")).Expect(204);
        (await second.Api.PutAsync("/v1/campaigns/spring", Wire.Spring)).Expect(201);
        Assert.Equal(Header + "\n", (await second.Api.GetAsync("/v1/campaigns/spring/log")).Expect(200).Text);
    }

    /// <summary>The two segments are in partitions of their own; that of the busy one has more decisions than a sample keeps.</summary>
    [Fact]
    public async Task Get_SegmentsOfUnequalTraffic_SamplesThemAlike()
    {
        const int Busy = 17_500;
        const int Quiet = 2_000;
        await using var own = await Engine.StartAsync(args: ["--partitions", "32"]);
        (await own.Api.PutAsync("/v1/campaigns/spring", Wire.Spring)).Expect(201);
        var decisions = await own.Api.DecideManyAsync("spring", Busy + Quiet, i => i < Busy ? "\"segment\":\"young-urban\"" : "");
        foreach (var request in decisions.Chunk(10_000))
            (await own.Api.PostAsync("/v1/signals", Wire.Array(request.Select(decision => Wire.Signal(decision, "impression"))))).Expect(202);
        await Eventually.ReadsAsync(
            () => own.Api.ScoresAsync("spring"), scores => scores.Ledger.Counted == decisions.Count, $"{decisions.Count} signals counted", scores => scores.Ledger);

        var all = RowsOf(await own.Api.GetAsync("/v1/campaigns/spring/log"));
        var quiet = RowsOf(await own.Api.GetAsync("/v1/campaigns/spring/log?segment=default"));

        Assert.Equal(Quiet, quiet.Count);
        Assert.InRange(all.Count(row => row.StartsWith("young-urban", StringComparison.Ordinal)), Busy / 2 - 350, Busy / 2 + 350);
        Assert.InRange(all.Count(row => row.StartsWith("default", StringComparison.Ordinal)), Quiet / 2 - 120, Quiet / 2 + 120);
    }

    /// <summary>Serves two segments, shows most decisions and clicks on some of them, and waits until that is counted.</summary>
    private async Task<(IReadOnlyList<Decision> Shown, HashSet<string> Clicked)> ServeAsync()
    {
        await PutAsync(Wire.Spring);
        var decisions = await Api.DecideManyAsync(Campaign, 300, i => i % 3 == 0 ? "\"segment\":\"young-urban\",\"context\":{\"channel\":\"email\"}" : "");
        var shown = decisions.Where((_, i) => i % 10 > 0).ToList();
        var clicked = decisions.Where((_, i) => i % 5 == 0).ToList();
        await SendAllAsync([.. clicked.Select(decision => Wire.Signal(decision, "click"))]);
        await SendAllAsync([.. shown.Select(decision => Wire.Signal(decision, "impression"))]);
        await SendAllAsync([.. shown.Select(decision => Wire.Signal(decision, "impression"))]);
        await SettledAsync();
        // Each partition counts in order, and the barrier of the default segment says nothing of the other's.
        await Eventually.ReadsAsync(() => Api.GetAsync(LogPath), log => log.Text.Split('\n').Length == shown.Count + 2, $"{shown.Count} rows");
        return (shown, clicked.Select(decision => decision.DecisionId).ToHashSet());
    }

    private static IEnumerable<string> Expected(IReadOnlyList<Decision> shown, HashSet<string> clicked) => shown
        .Select(decision => string.Join(
            ',', decision.Segment, string.Join('|', decision.Variant.Values.Select(served => served.Module)), decision.Propensity.ToString("R", CultureInfo.InvariantCulture),
            clicked.Contains(decision.DecisionId) ? "1" : "0", decision.Reason, decision.Segment == "young-urban" ? "email" : ""))
        .Order(StringComparer.Ordinal);

    /// <summary>The rows without their times, each of which has to be one.</summary>
    private static List<string> RowsOf(Answer csv)
    {
        var lines = csv.Text.Split('\n');
        Assert.Equal((Header, ""), (lines[0], lines[^1]));
        return lines[1..^1].Select(line =>
        {
            var fields = line.Split(',');
            Assert.Equal(7, fields.Length);
            Assert.InRange(DateTimeOffset.Parse(fields[4], CultureInfo.InvariantCulture), DateTimeOffset.UnixEpoch.AddYears(50), DateTimeOffset.MaxValue);
            return string.Join(',', [.. fields[..4], .. fields[5..]]);
        }).Order(StringComparer.Ordinal).ToList();
    }

    private static string Describe(JsonNode row) => string.Join(
        ',', row["context"], row["action"], row["propensity"]!.GetValue<double>().ToString("R", CultureInfo.InvariantCulture), row["reward"], row["decision"], row["channel"]);
}
