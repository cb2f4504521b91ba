using System.Runtime.InteropServices;

namespace Flywheel.Domain.Experiments.OffPolicy;

/// <summary>A log of decisions whose propensities are known. Names are kept once, a row takes 24 bytes.</summary>
public sealed class DecisionLog
{
    public const int MaxRows = 10_000_000;

    /// <summary>The most pairs of a context and an action: the reward model keeps a few sums for each.</summary>
    public const int MaxPairs = 1_000_000;

    /// <summary>Weights are one over this at most, so that their powers stay finite.</summary>
    public const double LeastPropensity = 1e-12;

    public const double MostReward = 1e15;

    private readonly Dictionary<string, int> _contexts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _actions = new(StringComparer.Ordinal);
    private readonly Dictionary<(int Context, int Action), int> _pairs = [];
    private readonly List<int> _contextOfPair = [];
    private readonly List<LoggedDecision> _rows = [];

    public int Count => _rows.Count;

    internal IReadOnlyCollection<KeyValuePair<string, int>> Contexts => _contexts;

    internal ReadOnlySpan<LoggedDecision> Rows => CollectionsMarshal.AsSpan(_rows);

    /// <summary>The number of each pair's context.</summary>
    internal ReadOnlySpan<int> ContextOfPair => CollectionsMarshal.AsSpan(_contextOfPair);

    /// <summary>Adds a row; false where the log is full (<see cref="MaxRows"/>, <see cref="MaxPairs"/>) and nothing was added.</summary>
    /// <param name="context">May be empty.</param>
    /// <param name="propensity">With which the log's policy chose the action there, <see cref="LeastPropensity"/> to 1.</param>
    /// <param name="reward">0 to <see cref="MostReward"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public bool TryAdd(ReadOnlySpan<char> context, ReadOnlySpan<char> action, double propensity, double reward)
    {
        if (propensity is not (>= LeastPropensity and <= 1))
            throw new ArgumentOutOfRangeException(nameof(propensity), propensity, $"expected {LeastPropensity} to 1");
        if (reward is not (>= 0 and <= MostReward))
            throw new ArgumentOutOfRangeException(nameof(reward), reward, $"expected 0 to {MostReward}");
        if (_rows.Count == MaxRows)
            return false;
        var key = (NumberOf(_contexts, context), NumberOf(_actions, action));
        if (!_pairs.TryGetValue(key, out var pair))
        {
            if (_pairs.Count == MaxPairs)
                return false;
            pair = _pairs.Count;
            _pairs.Add(key, pair);
            _contextOfPair.Add(key.Item1);
        }
        _rows.Add(new LoggedDecision(pair, propensity, reward));
        return true;
    }

    /// <summary>The pair's number; null where the log never shows the action in the context.</summary>
    internal int? FindPair(int context, string action) =>
        _actions.TryGetValue(action, out var number) && _pairs.TryGetValue((context, number), out var pair) ? pair : null;

    /// <summary>The number of each pair's action.</summary>
    internal int[] ActionOfPair()
    {
        var actions = new int[_pairs.Count];
        foreach (var ((_, action), pair) in _pairs)
            actions[pair] = action;
        return actions;
    }

    private static int NumberOf(Dictionary<string, int> names, ReadOnlySpan<char> name)
    {
        var known = names.GetAlternateLookup<ReadOnlySpan<char>>();
        if (known.TryGetValue(name, out var number))
            return number;
        names.Add(name.ToString(), names.Count);
        return names.Count - 1;
    }
}
