using System.Globalization;
using Flywheel.Domain.Experiments.OffPolicy;

namespace Flywheel.Cli.Evaluate;

/// <summary>Reads a log: <c>context,action,propensity,reward</c>.</summary>
internal static class LogReader
{
    private const int Context = 0;
    private const int Action = 1;
    private const int Propensity = 2;
    private const int Reward = 3;

    /// <exception cref="InvalidDataException">The file is no log; the message says where and why.</exception>
    public static DecisionLog Read(string path)
    {
        using var table = new CsvTable(path, "context", "action", "propensity", "reward");
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
        }
        return log;
    }

    private static InvalidDataException Full(CsvTable table, DecisionLog log) => log.Count == DecisionLog.MaxRows
        ? table.Wrong("", $"more than {Text(DecisionLog.MaxRows)} rows", "at most that many; a random sample of the log will do")
        : table.Wrong("action", $"more than {Text(DecisionLog.MaxPairs)} pairs of a context and an action", "at most that many; coarser contexts will do");

    private static string Text(int count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
