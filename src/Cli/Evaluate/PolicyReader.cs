using System.Globalization;
using Flywheel.Domain.Experiments.OffPolicy;

namespace Flywheel.Cli.Evaluate;

/// <summary>Reads a target policy: <c>context,action,probability</c>.</summary>
internal static class PolicyReader
{
    private const int MaxRows = DecisionLog.MaxPairs;
    private const int Action = 0;
    private const int Probability = 1;
    private const int Context = 2;

    /// <exception cref="InvalidDataException">The file is no policy; the message says where and why.</exception>
    public static TargetPolicy Read(string path)
    {
        using var table = new CsvTable(path, ["action", "probability"], ["context"]);
        var rows = new Dictionary<(string Context, string Action), double>();
        var contexts = new Dictionary<string, (long Line, double Sum)>(StringComparer.Ordinal);
        while (table.Read())
        {
            if (rows.Count == MaxRows)
                throw table.Wrong("", $"more than {MaxRows} rows", "at most that many");
            var (context, action) = (table.Text(Context).ToString(), table.Name(Action).ToString());
            var probability = table.Number(Probability, 0, 1, "a probability from 0 to 1");
            if (!rows.TryAdd((context, action), probability))
                throw table.Wrong(Action, $"each action once in context \"{context}\"");
            contexts[context] = contexts.TryGetValue(context, out var sum) ? (sum.Line, sum.Sum + probability) : (table.Line, probability);
        }
        if (rows.Count == 0)
            throw table.Wrong("", "no row", "a probability for each action");
        foreach (var (context, (line, sum)) in contexts)
        {
            if (Math.Abs(sum - 1) > TargetPolicy.Tolerance)
                throw CsvTable.Wrong(line, "probability", string.Create(CultureInfo.InvariantCulture, $"a sum of {sum:R} in context \"{context}\", which starts here"), "1");
        }
        return new TargetPolicy(rows.Select(row => (row.Key.Context, row.Key.Action, row.Value)));
    }
}
