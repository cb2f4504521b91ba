using Flywheel.Silo.Api.Exports;
using Microsoft.Extensions.DependencyInjection;

namespace Flywheel.Silo.Tests.Exports;

/// <summary>Scores and logs as files, a folder for each round.</summary>
public sealed class ExportScheduleTests : IDisposable
{
    private static readonly DateTimeOffset Due = new(2026, 5, 4, 10, 0, 0, TimeSpan.Zero);

    private readonly TempFolder _files = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task Schedule_EverySecond_WritesWhatTheApiSays()
    {
        await using var engine = await StartAsync("--export-every", "00:00:01", "--export-format", "csv", "--export-keep", "20");
        await ServeAsync(engine.Api);
        var last = Rounds().LastOrDefault() ?? "";

        // Of these two the second began once all was counted.
        var rounds = await Eventually.ReadsAsync(() => Task.FromResult(Rounds()), rounds => rounds.Count(round => string.CompareOrdinal(round, last) > 0) >= 2, "two more rounds", rounds => string.Join(' ', rounds));

        var spring = Path.Combine(rounds[^1], "default", "spring");
        Assert.Equal(Rows((await engine.Api.GetAsync("/v1/campaigns/spring/scores/export?by=channel")).Text), Rows(await File.ReadAllTextAsync(Path.Combine(spring, "scores.csv"), Cancel)));
        Assert.Equal((await engine.Api.GetAsync("/v1/campaigns/spring/log")).Text, await File.ReadAllTextAsync(Path.Combine(spring, "log.csv"), Cancel));
        var metrics = (await engine.Api.GetAsync("/metrics")).Expect(200).Text;
        Assert.Contains("\nflywheel_export_period_seconds 1\n", metrics, StringComparison.Ordinal);
        Assert.DoesNotContain("\nflywheel_export_last_success_timestamp_seconds 0\n", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Round_Parquet_IsReadByOthers()
    {
        await using var engine = await StartAsync();
        await ServeAsync(engine.Api);

        Assert.True(await WriteAsync(engine, Due));

        var spring = Path.Combine(_files.Path, "20260504T100000Z", "default", "spring");
        var log = await ParquetFile.ReadAsync(await File.ReadAllBytesAsync(Path.Combine(spring, "log.parquet"), Cancel));
        Assert.Equal(Csv.Read((await engine.Api.GetAsync("/v1/campaigns/spring/log")).Text).Lines(), log.Rows.Lines());
        Assert.NotEmpty(log.Rows);
        Assert.NotEmpty((await ParquetFile.ReadAsync(await File.ReadAllBytesAsync(Path.Combine(spring, "scores.parquet"), Cancel))).Rows);
    }

    [Fact]
    public async Task Round_ThatIsThereOrWrittenByAnother_IsSkipped()
    {
        await using var engine = await StartAsync();

        Assert.True(await WriteAsync(engine, Due));
        Assert.False(await WriteAsync(engine, Due));
        using (new ExportFolder(new ExportOptions(_files.Path, TimeSpan.FromHours(1), 1, TableFormat.Csv)).TryHold())
            Assert.False(await WriteAsync(engine, Due.AddHours(1)));

        Assert.Equal(["20260504T100000Z"], Rounds().Select(Path.GetFileName));
        Assert.Contains("\nflywheel_export_rounds_total{outcome=\"skipped\"} 2\n", (await engine.Api.GetAsync("/metrics")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rounds_BeyondThoseKept_GoWithWhatWasLeftUnfinished_AndNothingElse()
    {
        await using var engine = await StartAsync("--export-keep", "2");
        Directory.CreateDirectory(_files.File(".20260504T090000Z.partial/default/spring"));
        Directory.CreateDirectory(_files.File("mine"));

        for (var hour = 0; hour < 4; hour++)
            Assert.True(await WriteAsync(engine, Due.AddHours(hour)));

        Assert.Equal(["20260504T120000Z", "20260504T130000Z", "mine"], Directory.EnumerateDirectories(_files.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Round_ThatCannotBeWritten_IsCountedAndLeavesNoRound()
    {
        await using var engine = await StartAsync();
        (await engine.Api.PutAsync("/v1/campaigns/spring", Wire.Spring)).Expect(201);
        // A file in the place of the folder that the round becomes.
        await File.WriteAllTextAsync(_files.File("20260504T100000Z"), "", Cancel);

        Assert.False(await WriteAsync(engine, Due));
        Assert.True(await WriteAsync(engine, Due.AddHours(1)));

        Assert.Equal(["20260504T110000Z"], Rounds().Select(Path.GetFileName));
        Assert.Contains("\nflywheel_export_rounds_total{outcome=\"failed\"} 1\n", (await engine.Api.GetAsync("/metrics")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Round_OfSeveralTenants_KeepsThemApart()
    {
        using var data = new TempFolder();
        var keys = new Access.Keys(data.File("keys.json")).Add("acme", "operate").Add("globex", "operate");
        await using var engine = await Engine.StartAsync(data, args: ["--api-keys", keys.Save().Path, "--export-dir", _files.Path, "--export-every", "31.00:00:00"]);
        foreach (var tenant in (string[])["acme", "globex"])
        {
            using var api = keys.For(engine.Url, tenant, "operate");
            (await api.PutAsync("/v1/campaigns/spring", Wire.Spring.Replace("\"h1\"", $"\"{tenant}\"", StringComparison.Ordinal))).Expect(201);
        }

        Assert.True(await WriteAsync(engine, Due));

        foreach (var tenant in (string[])["acme", "globex"])
        {
            var scores = await ParquetFile.ReadAsync(await File.ReadAllBytesAsync(_files.File($"20260504T100000Z/{tenant}/spring/scores.parquet"), Cancel));
            Assert.Equal([tenant, "h2"], scores.Rows.Where(row => row["slot"] == "headline").Select(row => row["module"]).Distinct());
        }
    }

    private Task<Engine> StartAsync(params string[] more) => Engine.StartAsync(args: ["--export-dir", _files.Path, .. more.Contains("--export-every") ? more : ["--export-every", "31.00:00:00", .. more]]);

    private static Task<bool> WriteAsync(Engine engine, DateTimeOffset due) => engine.Services.GetRequiredService<ExportRounds>().WriteAsync(due, Cancel);

    private static async Task ServeAsync(Api api)
    {
        (await api.PutAsync("/v1/campaigns/spring", Wire.Spring)).Expect(201);
        var decisions = await api.DecideManyAsync("spring", 200);
        (await api.PostAsync("/v1/signals", Wire.Array(decisions.Select(decision => Wire.Signal(decision, "impression"))))).Expect(202);
        await Eventually.ReadsAsync(() => api.ScoresAsync("spring"), scores => scores.Segments.Sum(segment => segment.Decisions) == 200 && scores.Segments.Sum(segment => segment.Impressions) == 200, "200 decisions and impressions", scores => scores.Ledger);
    }

    /// <summary>Rows without their time.</summary>
    private static IEnumerable<string> Rows(string csv) => Csv.Read(csv).Select(row => row.Where(cell => cell.Key != "asOf").ToDictionary()).Lines();

    private List<string> Rounds() => [.. Directory.EnumerateDirectories(_files.Path).Where(path => Path.GetFileName(path).StartsWith('2')).Order(StringComparer.Ordinal)];
}
