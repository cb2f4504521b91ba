using System.Collections.Immutable;

namespace Flywheel.Domain.Governance.Proposals;

/// <summary>
/// What was done to a campaign and is not known to be in its history yet: stored with the campaign, in the same write as what was done, so that
/// it cannot be lost. Its entries are numbered by themselves, 1, 2, 3, …; the history takes each number once.
/// </summary>
/// <param name="Next">The number that the next entry gets.</param>
/// <param name="Entries">Oldest first; at most <see cref="Most"/>.</param>
public sealed record UntoldHistory(long Next, ImmutableArray<HistoryEntry> Entries)
{
    /// <summary>Entries kept; a document that replaces all its modules makes 513. Beyond them the oldest are dropped.</summary>
    public const int Most = 1_024;

    public static readonly UntoldHistory None = new(1, []);

    /// <summary>The same with more entries, and without those that were told.</summary>
    /// <param name="told">The number of the last that is known to be in the history; 0 for none.</param>
    public UntoldHistory With(IEnumerable<HistoryEntry> entries, long told)
    {
        var (next, kept) = (Next, Entries.RemoveAll(entry => entry.Number <= told).ToBuilder());
        foreach (var entry in entries)
            kept.Add(entry with { Number = next++ });
        return new UntoldHistory(next, [.. kept.TakeLast(Most)]);
    }

    public ImmutableArray<HistoryEntry> After(long told) => Entries.RemoveAll(entry => entry.Number <= told);
}
