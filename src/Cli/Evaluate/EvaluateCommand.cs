using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Flywheel.Cli.Terminals;
using Flywheel.Domain.Experiments.OffPolicy;
using Spectre.Console;

namespace Flywheel.Cli.Evaluate;

/// <summary><c>flywheel evaluate LOG.csv --target POLICY.csv</c>: what another policy would have earned, told from a log.</summary>
internal static class EvaluateCommand
{
    public static Command Create()
    {
        var log = new Argument<FileInfo>("log") { Description = "What was shown: context,action,propensity,reward. The context may be missing." };
        var target = new Option<FileInfo>("--target")
        {
            Description = "The policy in question: context,action,probability. An empty context holds for every context without rows of its own.",
            Required = true,
        };
        var command = new Command("evaluate", "Estimate from a log what another policy would have earned. Ends with 3 where the log can't tell.") { log, target };
        command.SetAction((parsed, _) => RunAsync(parsed.GetRequiredValue(log), parsed.GetRequiredValue(target), Output.IsJson(parsed)));
        return command;
    }

    private static async Task<int> RunAsync(FileInfo log, FileInfo target, bool asJson)
    {
        try
        {
            // The policy first: it is short, and a mistake in it should not wait for millions of rows.
            var policy = Read(target, PolicyReader.Read);
            var report = EvaluationReport.From(OffPolicyEvaluator.Evaluate(await ReadLogAsync(log), policy));
            if (asJson)
                Console.Out.WriteLine(JsonSerializer.Serialize(report, EvaluationReport.Json));
            else if (report.Refused is null)
                Print(report);
            else
                Console.Error.WriteLine($"flywheel: refused: {report.Refused}");
            return report.Refused is null ? ExitCodes.Done : ExitCodes.CannotTell;
        }
        catch (InvalidDataException e)
        {
            Console.Error.WriteLine($"flywheel: {e.Message}");
            return ExitCodes.Unusable;
        }
    }

    private static Task<DecisionLog> ReadLogAsync(FileInfo log) =>
        Bar.RunAsync(log.Name, 1, report => Task.FromResult(Read(log, path => LogReader.Read(path, part => report(part, null)))));

    private static T Read<T>(FileInfo file, Func<string, T> read)
    {
        try
        {
            return read(file.FullName);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"{file.Name}, {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"{file.Name}: {e.Message}", e);
        }
    }

    private static void Print(EvaluationReport report)
    {
        var table = new Table().AddColumns("Estimator", "Reward a decision", "Low", "High", "Effective sample size");
        AddRow(table, "IPS", report.Ips!);
        AddRow(table, "SNIPS", report.Snips!);
        AddRow(table, "doubly robust", report.DoublyRobust!);
        Terminal.Out.Write(table);
        Terminal.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{report.Log.Rows:N0} rows that earned {Number(report.Log.Reward!.Value)} each; {report.Coverage:P0} intervals"));
    }

    private static void AddRow(Table table, string estimator, OffPolicyEstimate estimate) =>
        table.AddRow(estimator, Number(estimate.Mean), Number(estimate.Low), Number(estimate.High), estimate.EffectiveSampleSize.ToString("N0", CultureInfo.InvariantCulture));

    private static string Number(double value) => value.ToString(Math.Abs(value) < 1_000 ? "G4" : "N0", CultureInfo.InvariantCulture);
}
