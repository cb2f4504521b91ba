using System.Globalization;

namespace Flywheel.Domain.Experiments.OffPolicy;

/// <summary>The policy whose worth is asked for: a distribution over actions in each context.</summary>
public sealed class TargetPolicy
{
    /// <summary>How far a context's probabilities may miss 1.</summary>
    public const double Tolerance = 1e-6;

    private readonly Dictionary<string, Dictionary<string, double>> _byContext = new(StringComparer.Ordinal);

    /// <param name="rows">An empty context holds for every context without rows of its own.</param>
    /// <exception cref="ArgumentException">A probability is none, a pair comes twice, or a context's do not sum to 1.</exception>
    public TargetPolicy(IEnumerable<(string Context, string Action, double Probability)> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        foreach (var (context, action, probability) in rows)
        {
            if (probability is not (>= 0 and <= 1))
                throw new ArgumentException(Text($"{probability} is no probability"), nameof(rows));
            if (!_byContext.TryGetValue(context, out var actions))
                _byContext.Add(context, actions = new Dictionary<string, double>(StringComparer.Ordinal));
            if (!actions.TryAdd(action, probability))
                throw new ArgumentException($"\"{action}\" comes twice in context \"{context}\"", nameof(rows));
        }
        foreach (var (context, actions) in _byContext)
        {
            if (Math.Abs(actions.Values.Sum() - 1) > Tolerance)
                throw new ArgumentException(Text($"the probabilities of context \"{context}\" sum to {actions.Values.Sum()}, not 1"), nameof(rows));
        }
    }

    /// <summary>Each action's probability in this context; null where the policy says nothing about it.</summary>
    public IReadOnlyDictionary<string, double>? In(string context) => _byContext.GetValueOrDefault(context) ?? _byContext.GetValueOrDefault("");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
