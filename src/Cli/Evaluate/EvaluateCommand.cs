using System.CommandLine;
using System.Globalization;
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
        Verb.Run(command, (parsed, cancellationToken) => RunAsync(parsed.GetRequiredValue(log), parsed.GetRequiredValue(target), Output.IsJson(parsed), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(FileInfo log, FileInfo target, bool asJson, CancellationToken cancellationToken)
    {
        var report = await Bar.RunAsync(log.Name, 1, progress => Verb.AtOnceAsync(() => Evaluate(log, target, part => progress(part, null)), cancellationToken));
        if (asJson)
            Output.Write(report, EvaluationReport.Json);
        else if (report.Refused is null)
            Print(report);
        else
            Terminal.Fail($"refused: {report.Refused}");
        return report.Refused is null ? ExitCodes.Done : ExitCodes.CannotTell;
    }

    private static EvaluationReport Evaluate(FileInfo log, FileInfo target, Action<double> report)
    {
        // The policy first: it is short, and a mistake in it should not wait for millions of rows.
        var policy = Read(target, PolicyReader.Read);
        return EvaluationReport.From(OffPolicyEvaluator.Evaluate(Read(log, path => LogReader.Read(path, report)), policy));
    }

    private static T Read<T>(FileInfo file, Func<string, T> read)
    {
        try
        {
            return read(file.FullName);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"{file}, {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"{file}: {e.Message}", e);
        }
    }

    private static void Print(EvaluationReport report)
    {
        var table = new Table().AddColumns("Estimator", "Reward a decision", "Low", "High", "Effective sample size");
        AddRow(table, "IPS", report.Ips!);
        AddRow(table, "SNIPS", report.Snips!);
        AddRow(table, "doubly robust", report.DoublyRobust!);
        Terminal.Out.Write(table);
        Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Words.Count(report.Log.Rows, "row")} that earned {Number(report.Log.Reward!.Value)} each; {report.Coverage:P0} intervals"));
    }

    private static void AddRow(Table table, string estimator, OffPolicyEstimate estimate) =>
        table.AddRow(estimator, Number(estimate.Mean), Number(estimate.Low), Number(estimate.High), estimate.EffectiveSampleSize.ToString("N0", CultureInfo.InvariantCulture));

    private static string Number(double value) => value.ToString(Math.Abs(value) < 1_000 ? "G4" : "N0", CultureInfo.InvariantCulture);
}
