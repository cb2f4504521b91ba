using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Flywheel.Cli.Tests.Evaluate;

public sealed class EvaluateTests : IDisposable
{
    private const string Policy = "context,action,probability\n,a,0.75\n,b,0.25\n";

    private static readonly string Log = "context,action,propensity,reward\n" + Rows(",a,0.5,1", 3) + Rows(",a,0.5,0", 11) + Rows(",b,0.5,2", 2) + Rows(",b,0.5,0", 8);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>Σw = 26, Σw² = 34, Σwr = 6.5 over 24 rows.</summary>
    [Fact]
    public async Task Evaluate_Json_PrintsOneDocumentOfTheContract()
    {
        var (code, output, error) = await RunAsync(Log, Policy, "--json");

        Assert.Equal((0, ""), (code, error));
        var report = JsonSerializer.Deserialize<JsonNode>(output)!.AsObject();
        Assert.Equal(["log", "refused", "ips", "snips", "doublyRobust", "coverage"], report.Select(member => member.Key));
        Assert.Equal(24, report["log"]!["rows"]!.GetValue<int>());
        Assert.Equal(7.0 / 24, report["log"]!["reward"]!.GetValue<double>(), 1e-12);
        Assert.Null(report["refused"]);
        Assert.Equal(0.95, report["coverage"]!.GetValue<double>());
        Assert.Equal(6.5 / 24, report["ips"]!["mean"]!.GetValue<double>(), 1e-12);
        Assert.Equal(6.5 / 26, report["snips"]!["mean"]!.GetValue<double>(), 1e-12);
        foreach (var estimator in new[] { "ips", "snips", "doublyRobust" })
        {
            var estimate = report[estimator]!.AsObject();
            Assert.Equal(["mean", "low", "high", "effectiveSampleSize"], estimate.Select(member => member.Key));
            Assert.Equal(26.0 * 26 / 34, estimate["effectiveSampleSize"]!.GetValue<double>(), 1e-9);
            Assert.True(estimate["low"]!.GetValue<double>() < estimate["mean"]!.GetValue<double>() && estimate["mean"]!.GetValue<double>() < estimate["high"]!.GetValue<double>());
        }
    }

    [Fact]
    public async Task Evaluate_WithoutJson_PrintsATable()
    {
        var (code, output, _) = await RunAsync(Log, Policy);

        Assert.Equal(0, code);
        Assert.All(["SNIPS", "doubly robust", "0.2708", "24 rows", "95 %"], part => Assert.Contains(part, output, StringComparison.Ordinal));
    }

    /// <summary>The anchor: 0.555 % with a bootstrap standard deviation of 0.123 points.</summary>
    [Fact]
    public async Task Evaluate_OpenBanditDataset_IsNearThePublishedFigure()
    {
        var (code, output, error) = await CommandLine.RunAsync("evaluate", Fixture("obd-men-uniform.csv"), "--target", Fixture("obd-men-thompson.csv"), "--json");

        Assert.True(code == 0, error);
        var report = JsonSerializer.Deserialize<JsonNode>(output)!;
        Assert.Equal(0.0046, report["log"]!["reward"]!.GetValue<double>(), 1e-12);
        Assert.All(["ips", "snips", "doublyRobust"], estimator =>
        {
            Assert.InRange(report[estimator]!["mean"]!.GetValue<double>(), 0.0054, 0.0057);
            Assert.InRange(report[estimator]!["low"]!.GetValue<double>(), 0.0025, 0.0040);
            Assert.InRange(report[estimator]!["high"]!.GetValue<double>(), 0.0080, 0.0100);
        });
    }

    [Theory]
    [InlineData("reward,note,propensity,action,context")]
    [InlineData("Reward, Note ,PROPENSITY,Action,context")]
    public async Task Evaluate_ColumnsInAnyOrderAndMoreOfThem_AreReadByName(string header)
    {
        var shuffled = string.Join('\n', Log.TrimEnd().Split('\n').Skip(1).Select(line => line.Split(',')).Select(cells => $"{cells[3]},seen,{cells[2]},{cells[1]},{cells[0]}"));

        Assert.Equal(await ReportAsync(Log, Policy), await ReportAsync($"{header}\n{shuffled}", Policy));
    }

    [Fact]
    public async Task Evaluate_NoContextColumn_IsTheEmptyContext()
    {
        static string Without(string table) => string.Join('\n', table.Split('\n').Select(line => line[(line.IndexOf(',', StringComparison.Ordinal) + 1)..]));

        Assert.Equal(await ReportAsync(Log, Policy), await ReportAsync(Without(Log), Without(Policy)));
    }

    [Fact]
    public async Task Evaluate_ByteOrderMarkCarriageReturnsAndBlankLines_ChangeNothing()
    {
        static string Windows(string table) => "\uFEFF" + table.Replace("\n", "\r\n", StringComparison.Ordinal) + "\r\n";

        Assert.Equal(await ReportAsync(Log, Policy), await ReportAsync(Windows(Log), Windows(Policy)));
    }

    /// <summary>Commas, quotes and line ends within a name; é beyond ASCII.</summary>
    [Fact]
    public async Task Evaluate_QuotedFields_AreWhatTheyHold()
    {
        const string name = "\"a, \"\"é\"\"\nline two\"";
        var (code, output, error) = await RunAsync(
            Log.Replace(",a,", $",{name},", StringComparison.Ordinal), Policy.Replace(",a,", $",{name},", StringComparison.Ordinal).Replace("0.75", "\"0.75\"", StringComparison.Ordinal), "--json");

        Assert.True(code == 0, error);
        Assert.Equal(await ReportAsync(Log, Policy), output);
    }

    [Fact]
    public async Task Evaluate_ContextsWithRowsOfTheirOwn_UseThem()
    {
        var log = "context,action,propensity,reward\n" + Rows("u,a,0.5,1", 20) + Rows("u,b,0.5,0", 20) + Rows("v,a,0.5,1", 20) + Rows("v,b,0.5,0", 20);

        var report = JsonNode.Parse(await ReportAsync(log, "context,action,probability\n,a,1\nv,a,0.25\nv,b,0.75\n"))!;

        Assert.Equal((1 + 0.25) / 2, report["ips"]!["mean"]!.GetValue<double>(), 1e-12);
    }

    [Theory]
    [InlineData("context,action,probability\n,a,0.7\n,b,0.2\n,c,0.1\n", "10 %", "\"c\"")]
    [InlineData("context,action,probability\nelsewhere,a,1\n", "100 %", "nothing about")]
    public async Task Evaluate_LogThatCanNotTell_EndsWithCode3AndTheReason(string policy, params string[] reasons)
    {
        var (code, output, error) = await RunAsync(Log, policy, "--json");

        Assert.Equal((3, ""), (code, error));
        var report = JsonSerializer.Deserialize<JsonNode>(output)!;
        Assert.All(reasons, reason => Assert.Contains(reason, report["refused"]!.GetValue<string>(), StringComparison.Ordinal));
        Assert.All(["ips", "snips", "doublyRobust"], estimator => Assert.True(report.AsObject().TryGetPropertyValue(estimator, out var estimate) && estimate is null));
        Assert.Equal(24, report["log"]!["rows"]!.GetValue<int>());
    }

    [Fact]
    public async Task Evaluate_LogWithoutRows_EndsWithCode3AndTheReasonForPeople()
    {
        var (code, output, error) = await RunAsync(Log[..(Log.IndexOf('\n', StringComparison.Ordinal) + 1)], Policy);

        Assert.Equal((3, ""), (code, output));
        Assert.Contains("the log has no rows", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("propensity", "chance", "line 1", "column propensity", "no such column")]
    [InlineData("context,action", "action,action", "line 1", "column action", "twice")]
    [InlineData(",a,0.5,1\n,a", ",a,0.5,1\n,a,0,1\n,a", "line 3", "column propensity", "\"0\"", "above 0")]
    [InlineData(",a,0.5,1\n,a", ",a,1.5,1\n,a", "line 2", "column propensity", "\"1.5\"", "up to 1")]
    [InlineData(",a,0.5,1\n,a", ",a,NaN,1\n,a", "line 2", "column propensity", "\"NaN\"")]
    [InlineData(",a,0.5,1\n,a", ",a,\"0,5\",1\n,a", "line 2", "column propensity", "\"0,5\"")]
    [InlineData(",a,0.5,1\n,a", ",a,0.5,-1\n,a", "line 2", "column reward", "\"-1\"", "0 or more")]
    [InlineData(",a,0.5,1\n,a", ",a,0.5,\n,a", "line 2", "column reward", "nothing")]
    [InlineData(",a,0.5,1\n,a", ",,0.5,1\n,a", "line 2", "column action", "nothing", "a name")]
    [InlineData(",a,0.5,1\n,a", ",a,0.5\n,a", "line 2", "3 fields", "4")]
    [InlineData(",a,0.5,1\n,a", "\"x\ny\",a,0.5,1\n,a,oops,1\n,a", "line 4", "column propensity", "\"oops\"")]
    [InlineData(",a,0.5,1\n,a", ",\"a\"b,0.5,1\n,a", "line 2", "column 2", "after a closing quote")]
    [InlineData(",a,0.5,1\n,a", ",a\"b,0.5,1\n,a", "line 2", "column 2", "a quote within")]
    [InlineData(",a,0.5,1\n,a", ",\"a,0.5,1\n,a", "line 2", "column 2", "never closes")]
    public async Task Evaluate_LogThatIsWrong_EndsWithCode2AndSaysWhere(string part, string instead, params string[] where)
    {
        var at = Log.IndexOf(part, StringComparison.Ordinal);

        await AssertWrongAsync(Log[..at] + instead + Log[(at + part.Length)..], Policy, ["log.csv", .. where]);
    }

    [Theory]
    [InlineData("context,action,probability\n,a,0.75\n,b,0.2\n", "line 2", "column probability", "0.95", "1")]
    [InlineData("context,action,probability\n,a,1\nu,a,0.5\nu,b,0.6\n", "line 3", "column probability", "1.1", "\"u\"")]
    [InlineData("context,action,probability\n,a,0.5\n,a,0.5\n", "line 3", "column action", "\"a\"", "once")]
    [InlineData("context,action,probability\n,a,2\n", "line 2", "column probability", "\"2\"")]
    [InlineData("context,action\n,a\n", "line 1", "column probability", "no such column")]
    [InlineData("context,action,probability\n", "no row")]
    [InlineData("", "line 1", "nothing", "a header")]
    public async Task Evaluate_PolicyThatIsWrong_EndsWithCode2AndSaysWhere(string policy, params string[] where) =>
        await AssertWrongAsync(Log, policy, ["policy.csv", .. where]);

    [Fact]
    public async Task Evaluate_BytesThatAreNoText_EndsWithCode2()
    {
        var path = Path.Combine(_folder.FullName, "latin.csv");
        await File.WriteAllBytesAsync(path, Encoding.Latin1.GetBytes(Log.Replace(",a,", ",é,", StringComparison.Ordinal)), TestContext.Current.CancellationToken);

        var (code, output, error) = await CommandLine.RunAsync("evaluate", path, "--target", await WriteAsync("policy.csv", Policy));

        Assert.Equal((2, ""), (code, output));
        Assert.Contains("UTF-8", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Evaluate_FileThatIsNotThere_EndsWithCode2AndNamesIt()
    {
        var (code, output, error) = await CommandLine.RunAsync("evaluate", Path.Combine(_folder.FullName, "none.csv"), "--target", await WriteAsync("policy.csv", Policy), "--json");

        Assert.Equal((2, ""), (code, output));
        Assert.Contains("none.csv", error, StringComparison.Ordinal);
    }

    private static string Rows(string row, int count) => string.Concat(Enumerable.Repeat(row + "\n", count));

    private static string Fixture(string name) => Path.Combine(AppContext.BaseDirectory, "Fixtures", name);

    private async Task AssertWrongAsync(string log, string policy, string[] where)
    {
        var (code, output, error) = await RunAsync(log, policy, "--json");

        Assert.Equal((2, ""), (code, output));
        Assert.All(where, part => Assert.Contains(part, error, StringComparison.Ordinal));
    }

    private async Task<string> ReportAsync(string log, string policy)
    {
        var (code, output, error) = await RunAsync(log, policy, "--json");
        Assert.True(code == 0, error);
        return output;
    }

    private async Task<(int Code, string Output, string Error)> RunAsync(string log, string policy, params string[] options) =>
        await CommandLine.RunAsync(["evaluate", await WriteAsync("log.csv", log), "--target", await WriteAsync("policy.csv", policy), .. options]);

    private async Task<string> WriteAsync(string name, string text)
    {
        var path = Path.Combine(_folder.FullName, name);
        await File.WriteAllTextAsync(path, text, TestContext.Current.CancellationToken);
        return path;
    }
}
