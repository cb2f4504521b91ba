namespace Flywheel.Signals;

/// <summary>The part of a commit that dedupe has to remember.</summary>
/// <param name="Pages">Pages that changed, whole.</param>
/// <param name="RemovedPages">Pages that left the window.</param>
/// <param name="AddedIds">Ids counted since the last commit.</param>
/// <param name="IdsExpiredUpToMs">Ids that expire before this are gone; null where none are.</param>
public sealed record DedupeChanges(
    IReadOnlyList<StoredPage> Pages,
    IReadOnlyList<PageKey> RemovedPages,
    IReadOnlyList<RememberedId> AddedIds,
    long? IdsExpiredUpToMs);
