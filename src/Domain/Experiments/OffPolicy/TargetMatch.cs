using System.Globalization;

namespace Flywheel.Domain.Experiments.OffPolicy;

/// <summary>The target laid over the log: its probability of each pair the log shows, and what it asks for that the log lacks.</summary>
internal sealed class TargetMatch
{
    private const int MostNamed = 5;
    private const int MostCharacters = 80;

    private readonly Missing _silent = new();
    private readonly Missing _unsupported = new();

    private TargetMatch(int pairs) => Probability = new double[pairs];

    /// <summary>Of each pair of the log.</summary>
    public double[] Probability { get; }

    /// <summary>
    /// Why the log can't stand for the target; null where it can. A weight corrects how often an action was shown, and nothing
    /// corrects an action that never was, however small its share.
    /// </summary>
    public string? Refusal =>
        _silent.Count > 0
            ? $"the target says nothing about {_silent.Share} of the log, context {_silent}, and has no rows with an empty context"
            : _unsupported.Count > 0
                ? $"the log never shows what holds {_unsupported.Share} of the target's probability: {_unsupported}"
                : null;

    public static TargetMatch Of(DecisionLog log, TargetPolicy target)
    {
        var rows = new int[log.Contexts.Count];
        foreach (ref readonly var row in log.Rows)
            rows[log.ContextOfPair[row.Pair]]++;
        var match = new TargetMatch(log.ContextOfPair.Length);
        foreach (var (context, number) in log.Contexts)
        {
            var share = rows[number] / (double)log.Count;
            if (target.In(context) is { } actions)
                match.Lay(actions, log, context, number, share);
            else
                match._silent.Add(Quote(context), share);
        }
        return match;
    }

    private void Lay(IReadOnlyDictionary<string, double> actions, DecisionLog log, string context, int number, double share)
    {
        foreach (var (action, probability) in actions)
        {
            if (probability == 0)
                continue;
            if (log.FindPair(number, action) is { } pair)
                Probability[pair] = probability;
            else
                _unsupported.Add(context.Length == 0 ? Quote(action) : $"{Quote(action)} in context {Quote(context)}", share * probability);
        }
    }

    private static string Quote(string name) => $"\"{(name.Length <= MostCharacters ? name : name[..MostCharacters] + "…")}\"";

    /// <summary>What is missing: the first few by name, all of it by number and share.</summary>
    private sealed class Missing
    {
        private readonly List<string> _names = [];
        private double _share;

        public int Count { get; private set; }

        public string Share => (100 * _share).ToString("0.#######", CultureInfo.InvariantCulture) + " %";

        public void Add(string name, double share)
        {
            Count++;
            _share += share;
            if (_names.Count < MostNamed)
                _names.Add(name);
        }

        public override string ToString() => string.Join(", ", _names) + (Count > _names.Count ? $" and {Count - _names.Count} more" : "");
    }
}
