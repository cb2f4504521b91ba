using System.Globalization;
using System.Text.Json;

namespace Flywheel.Faults.Reports;

/// <summary>The folder of <c>FLYWHEEL_FAULTS_OUT</c>: a JSON line for each scenario, and the table of all of them, for docs/reliability.md.</summary>
internal static class ReportFolder
{
    private const string Head = """
        | scenario | what was done | signals | lost | double | counts again within | decisions | failed | p99 quiet | p99 faulted | remarks |
        |---|---|---|---|---|---|---|---|---|---|---|
        """;

    private static readonly string? Folder = Environment.GetEnvironmentVariable("FLYWHEEL_FAULTS_OUT");

    public static void Add(ScenarioReport report)
    {
        var line = JsonSerializer.Serialize(report, JsonSerializerOptions.Web);
        TestContext.Current.TestOutputHelper?.WriteLine(line);
        if (Folder is null)
            return;
        Directory.CreateDirectory(Folder);
        var lines = Path.Combine(Folder, "results.jsonl");
        File.AppendAllText(lines, line + "\n");
        var rows = File.ReadLines(lines).Select(each => Row(JsonSerializer.Deserialize<ScenarioReport>(each, JsonSerializerOptions.Web)!));
        File.WriteAllText(Path.Combine(Folder, "table.md"), $"{Head}\n{string.Join('\n', rows)}\n");
    }

    /// <summary>Writes measurements that are no scenario's row, as CSV.</summary>
    public static void Write(string file, string head, IEnumerable<string> rows)
    {
        var text = $"{head}\n{string.Join('\n', rows)}\n";
        TestContext.Current.TestOutputHelper?.WriteLine(text);
        if (Folder is null)
            return;
        Directory.CreateDirectory(Folder);
        File.WriteAllText(Path.Combine(Folder, file), text);
    }

    private static string Row(ScenarioReport report)
    {
        var again = report.CountsAgainMs is { } ms ? string.Create(CultureInfo.InvariantCulture, $"{ms / 1_000:F1} s") : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {report.Scenario} | {report.Fault} | {report.Signals:N0} | {report.Lost} | {report.Doubled} | {again} | {report.Decisions:N0} | {report.Failed} | {report.P99QuietMs:F1} ms | {report.P99FaultedMs:F1} ms | {report.Remarks} |");
    }
}
