using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Flywheel.Client;

namespace Flywheel.Silo.Tests.Exports;

/// <summary>The scores as a table, in every format.</summary>
public sealed partial class ScoreExportTests(Engine engine) : EngineTest(engine)
{
    private const string ParquetType = "application/vnd.apache.parquet";

    private string ExportPath => $"{Path}/scores/export";

    [Fact]
    public async Task Formats_SayTheSame_AndWhatTheScoresSay()
    {
        await ServeAsync();

        // Nothing comes in any more: the scores are what they are once both segments have been fitted to all of it.
        var scores = await Eventually.ReadsAsync(
            async () => (await Api.GetAsync($"{Path}/scores?by=channel")).Expect(200).Read<ScoreDocument>(), scores => scores.Segments.Sum(segment => segment.Impressions) == 300, "300 impressions");
        var csv = Csv.Read((await ExportAsync("csv", "text/csv")).Text);
        var lines = (await ExportAsync("ndjson", "application/x-ndjson")).Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!.AsObject()).ToList();
        var parquet = await ParquetFile.ReadAsync((await ExportAsync("parquet", ParquetType)).Bytes);

        Assert.Equal(Expected(scores), csv.Select(Undated).Lines());
        Assert.Equal(csv.Select(Undated).Lines(), parquet.Rows.Select(Undated).Lines());
        Assert.Equal(csv.Select(Undated).Lines(), lines.Select(line => Undated(line.ToDictionary(cell => cell.Key, cell => Cell(cell.Value)))).Lines());
        Assert.Single(parquet.Rows.Select(row => row["asOf"]).Distinct());
        Assert.Contains(csv, row => row["observedImpressions"] is not null);
        Assert.Contains(csv, row => row["channel"] == "email");
    }

    [Fact]
    public async Task Export_OfASegment_HasItsRowsAlone()
    {
        await PutAsync(Wire.Spring);

        var rows = Csv.Read((await Api.GetAsync($"{ExportPath}?segment=young-urban")).Expect(200).Text);

        Assert.Equal(3, rows.Count);
        Assert.All(rows, row => Assert.Equal(("young-urban", null), (row["segment"], row["channel"])));
    }

    [Fact]
    public async Task Export_ByAccept_IsAFileOfThatFormat()
    {
        await PutAsync(Wire.Spring);
        using var request = new HttpRequestMessage(HttpMethod.Get, ExportPath);
        request.Headers.Accept.ParseAdd(ParquetType);

        using var response = await Api.Http.SendAsync(request, Cancel);

        Assert.Equal(ParquetType, response.Content.Headers.ContentType!.ToString());
        Assert.Equal($"attachment; filename=\"{Campaign}-scores.parquet\"", response.Content.Headers.ContentDisposition!.ToString());
        Assert.Equal(6, (await ParquetFile.ReadAsync(await response.Content.ReadAsByteArrayAsync(Cancel))).Rows.Count);
    }

    /// <summary>No cell of text can call anything in a spreadsheet: there are ids and the engine's own words.</summary>
    [Fact]
    public async Task Texts_AreIdsAndWords()
    {
        await ServeAsync();

        var parquet = await ParquetFile.ReadAsync((await ExportAsync("parquet", ParquetType)).Bytes);

        Assert.All(parquet.Rows, row => Assert.All((string[])["campaign", "segment", "channel", "slot", "module", "state"], text => Assert.Matches(Id(), row[text]!)));
    }

    [Fact]
    public async Task Export_OfManySegments_ComesInGroupsOfBoundedSize()
    {
        await PutAsync(Wire.Campaign([16, 16], $"\"segments\":[{Wire.Segments(1_000)}]"));

        var parquet = await ParquetFile.ReadAsync((await Api.GetAsync($"{ExportPath}?format=parquet")).Expect(200).Bytes);

        Assert.Equal([16_384, 15_648], parquet.Groups);
        Assert.Equal(32_032, parquet.Rows.Select(row => (row["segment"], row["slot"], row["module"])).Distinct().Count());
    }

    [Theory]
    [InlineData("format=xlsx", "format")]
    [InlineData("segment=nobody", "segment")]
    [InlineData("by=hour", "by")]
    public async Task Export_OfWhatIsNotThere_SaysWhatWouldBeRightAndIsCounted(string query, string field)
    {
        await PutAsync(Wire.Spring);
        var before = await CountAsync();

        (await Api.GetAsync($"{ExportPath}?{query}")).ExpectFieldError(field);
        (await Api.GetAsync("/v1/campaigns/nobody/scores/export")).ExpectProblem(404);

        Assert.Equal(before + 2, await CountAsync());
    }

    [GeneratedRegex("^[a-z0-9-]*$")]
    private static partial Regex Id();

    private async Task ServeAsync()
    {
        await PutAsync(Wire.Spring);
        var decisions = await Api.DecideManyAsync(Campaign, 300, i => i % 3 == 0 ? "\"segment\":\"young-urban\",\"context\":{\"channel\":\"email\"}" : "");
        await SendAllAsync([.. decisions.Select(decision => Wire.Signal(decision, "impression"))]);
        await SendAllAsync([.. decisions.Where((_, i) => i % 7 == 0).Select(decision => Wire.Signal(decision, "click"))]);
        await SendAllAsync(Wire.Observed(Campaign, "crm-1", "impression", count: 12));
        await SettledAsync(300);
    }

    private async Task<Answer> ExportAsync(string format, string type)
    {
        var answer = (await Api.GetAsync($"{ExportPath}?by=channel&format={format}")).Expect(200);
        Assert.Equal(type, answer.ContentType);
        return answer;
    }

    private static IReadOnlyDictionary<string, string?> Undated(IReadOnlyDictionary<string, string?> row) => row.Where(cell => cell.Key != "asOf").ToDictionary();

    private static string? Cell(JsonNode? value) => value is JsonValue number && number.TryGetValue<double>(out var plain) ? plain.ToString("R", CultureInfo.InvariantCulture) : value?.GetValue<string>();

    private static IEnumerable<string> Expected(ScoreDocument scores) => scores.Segments.SelectMany(segment =>
        segment.Channels!.Select(channel => (channel.Id, Totals: channel)).Prepend(("", segment)).SelectMany(part => part.Item2.Slots.SelectMany(slot => slot.Modules.Select(module => Row(scores, segment, part.Item1, part.Item2, slot.Id, module))))).Lines();

    private static Dictionary<string, string?> Row(ScoreDocument scores, SegmentScores segment, string channel, SegmentScores totals, string slot, ModuleScores module) => new Dictionary<string, object?>
    {
        ["campaign"] = scores.Campaign,
        ["segment"] = segment.Id,
        ["channel"] = channel,
        ["slot"] = slot,
        ["module"] = module.Id,
        ["version"] = module.Version,
        ["state"] = module.State,
        ["policyVersion"] = totals.PolicyVersion,
        ["decisions"] = totals.Decisions,
        ["impressions"] = module.Impressions,
        ["reward"] = module.Reward,
        ["observedImpressions"] = module.Observed?.Impressions,
        ["observedReward"] = module.Observed?.Reward,
        ["share"] = module.Share,
        ["probabilityBest"] = module.ProbabilityBest,
        ["rateMean"] = module.Rate.Mean,
        ["rateLow"] = module.Rate.Low,
        ["rateHigh"] = module.Rate.High,
        ["resonanceMean"] = module.Resonance.Mean,
        ["resonanceLow"] = module.Resonance.Low,
        ["resonanceHigh"] = module.Resonance.High,
    }.ToDictionary(cell => cell.Key, cell => cell.Value is IFormattable number ? number.ToString(null, CultureInfo.InvariantCulture) : (string?)cell.Value);

    private async Task<double> CountAsync() => double.Parse(
        (await Api.GetAsync("/metrics")).Expect(200).Text.Split('\n').Single(line => line.StartsWith("flywheel_exports_total{table=\"scores\",outcome=\"invalid\"}", StringComparison.Ordinal)).Split(' ')[^1], CultureInfo.InvariantCulture);
}
