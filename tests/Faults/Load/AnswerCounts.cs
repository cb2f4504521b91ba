using System.Collections.Concurrent;
using System.Globalization;

namespace Flywheel.Faults.Load;

/// <summary>How often each status came.</summary>
internal sealed class AnswerCounts
{
    private readonly ConcurrentDictionary<int, long> _counts = [];

    public void Add(int status) => _counts.AddOrUpdate(status, 1, (_, before) => before + 1);

    public long Of(int status) => _counts.GetValueOrDefault(status);

    /// <summary>Those that are none of these.</summary>
    public long OtherThan(params IReadOnlyList<int> expected) => _counts.Where(count => !expected.Contains(count.Key)).Sum(count => count.Value);

    public override string ToString() => string.Join(", ", _counts.OrderBy(count => count.Key)
        .Select(count => string.Create(CultureInfo.InvariantCulture, $"{(count.Key == SiloAnswer.Lost ? "no answer" : count.Key)}: {count.Value}")));
}
