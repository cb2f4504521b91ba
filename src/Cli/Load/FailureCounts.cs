using System.Collections.Concurrent;
using Flywheel.Client;

namespace Flywheel.Cli.Load;

/// <summary>Counts failures by what they say. Safe for concurrent use.</summary>
internal sealed class FailureCounts
{
    /// <summary>Kinds that are told apart; the rest is one.</summary>
    private const int MostKinds = 20;

    private readonly ConcurrentDictionary<string, long> _counts = [];

    public void Add(FlywheelException failure)
    {
        // Only an answer of the engine's says the same thing each time.
        var kind = failure.Status is { } status ? $"{(int)status} {failure.Title}" : failure.InnerException?.Message ?? failure.Message;
        _counts.AddOrUpdate(_counts.Count < MostKinds || _counts.ContainsKey(kind) ? kind : "others", 1, (_, count) => count + 1);
    }

    public void Add(string kind, long count) => _counts.AddOrUpdate(_counts.Count < MostKinds || _counts.ContainsKey(kind) ? kind : "others", count, (_, before) => before + count);

    public IReadOnlyList<LoadFailure> All => [.. _counts.Select(each => new LoadFailure(each.Key, each.Value)).OrderByDescending(each => each.Count)];
}
