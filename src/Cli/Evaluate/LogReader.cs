using System.Globalization;
using Flywheel.Domain.Experiments.OffPolicy;

namespace Flywheel.Cli.Evaluate;

/// <summary>Reads a log: <c>context,action,propensity,reward</c>.</summary>
internal static class LogReader
{
    private const int Action = 0;
    private const int Propensity = 1;
    private const int Reward = 2;
    private const int Context = 3;

    /// <summary>Rows between two reports of how far it is.</summary>
    private const int Stride = 1 << 14;

    /// <param name="path">Of the file.</param>
    /// <param name="report">Hears how far it is, 0 to 1.</param>
    /// <exception cref="InvalidDataException">The file is no log; the message says where and why.</exception>
    public static DecisionLog Read(string path, Action<double> report)
    {
        using var table = new CsvTable(path, ["action", "propensity", "reward"], ["context"]);
        var log = new DecisionLog();
        while (table.Read())
        {
            var added = log.TryAdd(
                table.Text(Context),
                table.Name(Action),
                table.Number(Propensity, DecisionLog.LeastPropensity, 1, "a probability above 0 (1e-12 or more) and up to 1"),
                table.Number(Reward, 0, DecisionLog.MostReward, "a number of 0 or more (up to 1e15)"));
            if (!added)
                throw Full(table, log);
            if (log.Count % Stride == 0)
                report(table.Progress);
        }
        return log;
    }

    private static InvalidDataException Full(CsvTable table, DecisionLog log) => log.Count == DecisionLog.MaxRows
        ? table.Wrong("", $"more than {Text(DecisionLog.MaxRows)} rows", "at most that many; a random sample of the log will do")
        : table.Wrong("action", $"more than {Text(DecisionLog.MaxPairs)} pairs of a context and an action", "at most that many; coarser contexts will do");

    private static string Text(int count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
