using System.Text.Json;
using System.Text.Json.Nodes;

namespace Flywheel.Cli.Tests.Simulate;

public sealed class SimulateTests : IDisposable
{
    private const string World = """
        { "name": "demo", "impressions": 20000, "impressionsPerSecond": 200, "control": 0.0, "rewardDelaySeconds": 0,
          "slots": [ { "id": "headline", "modules": ["a","b"] }, { "id": "image", "modules": ["x","y"] } ],
          "segments": [ { "id": "default", "share": 1.0,
              "phases": [ { "from": 0, "rates": { "a|x": 0.02, "a|y": 0.03, "b|x": 0.08, "b|y": 0.02 } } ] } ] }
        """;

    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Fact]
    public async Task Simulate_Json_PrintsOneDocumentOfTheContract()
    {
        var report = await ReportAsync(World, "--seeds", "3");

        Assert.Equal("learned", report["policy"]!.GetValue<string>());
        var world = report["worlds"]![0]!;
        Assert.Equal("demo", world["world"]!.GetValue<string>());
        Assert.Equal([1, 2, 3], world["seeds"]!.AsArray().Select(seed => seed!["seed"]!.GetValue<int>()));
        var first = world["seeds"]![0]!;
        var (expected, uniform, best) = (first["expected"]!.GetValue<double>(), first["uniform"]!.GetValue<double>(), first["best"]!.GetValue<double>());
        Assert.Equal(20_000 * 0.0375, uniform, 6);
        Assert.Equal(20_000 * 0.08, best, 6);
        Assert.Equal((expected - uniform) / (best - uniform), first["headroomCaptured"]!.GetValue<double>(), 9);
        Assert.True(first["reward"]!.GetValue<long>() > 0);
        Assert.Equal(
            world["seeds"]!.AsArray().Average(seed => seed!["headroomCaptured"]!.GetValue<double>()), world["mean"]!["headroomCaptured"]!.GetValue<double>(), 9);
        Assert.True(report["seconds"]!.GetValue<double>() > 0);
    }

    [Fact]
    public async Task Simulate_ACombinationThatWins_IsDeclaredWithTheMomentItWas()
    {
        var report = await ReportAsync(World, "--seeds", "5", "--policy", "uniform");

        var declared = report["worlds"]![0]!["seeds"]!.AsArray().Select(seed => seed!["declared"]!["default"]!).ToArray();
        Assert.All(declared, each => Assert.Equal("b|x", each["combination"]!.GetValue<string>()));
        Assert.All(declared, each => Assert.InRange(each["atImpression"]!.GetValue<int>(), 100, 19_999));
    }

    [Fact]
    public async Task Simulate_NothingEverEarns_IsStillADocument()
    {
        var report = await ReportAsync("""
            {"name":"none","impressions":500,"slots":[{"id":"h","modules":["a","b"]}],"segments":[{"id":"default","share":1,"phases":[{"from":0,"rates":{"a":0,"b":0}}]}]}
            """, "--seeds", "1");

        Assert.Equal(1, report["mean"]!["finalRateOverBest"]!.GetValue<double>());
        Assert.Null(report["mean"]!["headroomCaptured"]);
        Assert.Null(report["worlds"]![0]!["seeds"]![0]!["declared"]!["default"]);
    }

    [Fact]
    public async Task Simulate_NothingToWin_DeclaresNothing()
    {
        var report = await ReportAsync("""
            {"name":"aa","impressions":30000,"slots":[{"id":"h","modules":["a","b"]}],"segments":[{"id":"default","share":1,"phases":[{"from":0,"rates":{"a":0.015,"b":0.015}}]}]}
            """, "--seeds", "40");

        Assert.InRange(report["worlds"]![0]!["seeds"]!.AsArray().Count(seed => seed!["declared"]!["default"] is not null), 0, 4);
    }

    [Fact]
    public async Task Simulate_LearnedAgainstUniform_CapturesMostOfTheHeadroom()
    {
        var learned = (await ReportAsync(World, "--seeds", "5"))["mean"]!["headroomCaptured"]!.GetValue<double>();
        var uniform = (await ReportAsync(World, "--seeds", "5", "--policy", "uniform"))["mean"]!["headroomCaptured"]!.GetValue<double>();

        Assert.True(learned > 0.5, $"learned captured {learned}");
        Assert.InRange(uniform, -0.05, 0.05);
    }

    [Fact]
    public async Task Simulate_SameSeeds_GiveTheSameRuns() =>
        Assert.Equal((await ReportAsync(World, "--seeds", "2"))["worlds"]!.ToJsonString(), (await ReportAsync(World, "--seeds", "2"))["worlds"]!.ToJsonString());

    [Fact]
    public async Task Simulate_NothingToGain_IsNull()
    {
        var flat = World.Replace("0.03", "0.02", StringComparison.Ordinal).Replace("0.08", "0.02", StringComparison.Ordinal);

        Assert.Null((await ReportAsync($"[{flat}]", "--seeds", "1"))["mean"]!["headroomCaptured"]);
    }

    [Fact]
    public async Task Simulate_PhasesAndDelay_FollowTheWorld()
    {
        var world = JsonNode.Parse(World)!;
        world["rewardDelaySeconds"] = 5;
        world["segments"]![0]!["phases"]!.AsArray().Add(JsonNode.Parse("""{ "from": 10000, "rates": { "a|x": 0.5, "a|y": 0.02, "b|x": 0.02, "b|y": 0.02 } }"""));

        var first = (await ReportAsync(world.ToJsonString(), "--seeds", "1"))["worlds"]![0]!["seeds"]![0]!;

        Assert.Equal(10_000 * 0.08 + 10_000 * 0.5, first["best"]!.GetValue<double>(), 6);
    }

    [Theory]
    [InlineData("\"b|x\": 0.08,", "", "b|x")]
    [InlineData("0.08", "1.5", "rates.b|x")]
    [InlineData("\"impressions\": 20000,", "", "impressions")]
    [InlineData("\"share\": 1.0", "\"share\": 0.5", "segments")]
    [InlineData("\"from\": 0", "\"from\": 7", "phases")]
    [InlineData("[\"a\",\"b\"]", "[\"a\",\"a\"]", "modules")]
    [InlineData("{ \"name\"", "\"name\"", "JSON")]
    public async Task Simulate_WorldThatIsWrong_EndsWithCode2AndSaysWhere(string part, string instead, string where)
    {
        await File.WriteAllTextAsync(_path, World.Replace(part, instead, StringComparison.Ordinal), TestContext.Current.CancellationToken);

        var (code, output, error) = await CommandLine.RunAsync("simulate", _path, "--json");

        Assert.Equal((2, ""), (code, output));
        Assert.Contains(where, error, StringComparison.Ordinal);
    }

    private async Task<JsonNode> ReportAsync(string world, params string[] options)
    {
        await File.WriteAllTextAsync(_path, world, TestContext.Current.CancellationToken);
        var (code, output, error) = await CommandLine.RunAsync(["simulate", _path, "--json", .. options]);
        Assert.True(code == 0, error);
        return JsonSerializer.Deserialize<JsonNode>(output)!;
    }
}
