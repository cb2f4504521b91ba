using Flywheel.Decisions;


namespace Flywheel.Signals;

/// <summary>
/// What was already counted, for as long as it could come again. Exact, and bounded: a bit for each decision and type
/// (512 bytes for 4,096 decisions), and about 100 bytes for each signal that carried its own id.
/// </summary>
internal sealed class DedupeWindow
{
    /// <summary>Pages a partition remembers: 32 MB, 268 million pairs of decision and type.</summary>
    public const int MaxPages = 65_536;

    /// <summary>Signals with ids of their own that one decision may have: a tenth of the memory, so that no one token fills it.</summary>
    public const int MaxIdsOfADecision = 100_000;

    /// <summary>Ids a partition remembers.</summary>
    public const int MaxIds = 1_000_000;

    /// <summary>Kept beyond the window, so that an entry that was accepted earlier but appended later still finds its bit.</summary>
    public const long GraceMs = 60_000;

    private const long SweepEveryMs = 10_000;

    private readonly Dictionary<PageKey, DedupePage> _pages = [];
    private readonly Dictionary<UInt128, RememberedId> _ids = [];
    private readonly Dictionary<(ulong Issuer, ulong Counter), (long WeightMicros, int Ids)> _idsOfDecisions = [];
    private readonly HashSet<PageKey> _changedPages = [];
    private readonly HashSet<PageKey> _removedPages = [];
    private readonly List<RememberedId> _addedIds = [];
    private (PageKey Key, DedupePage? Page) _last;
    private long _sweptAtMs;
    private long? _idsExpiredUpToMs;

    public DedupeWindow(PartitionCheckpoint checkpoint)
    {
        foreach (var (key, page) in checkpoint.Pages)
            _pages[key] = page;
        foreach (var id in checkpoint.Ids)
            Put(id);
    }

    public bool CanRememberId => _ids.Count < MaxIds;

    public bool CanRememberIdOf(ulong issuer, ulong counter) =>
        CanRememberId && _idsOfDecisions.GetValueOrDefault((issuer, counter)).Ids < MaxIdsOfADecision;

    public bool CanRemember(ulong issuer, ulong type, ulong counter) =>
        _pages.Count < MaxPages || Find(new PageKey(issuer, type, counter / DedupePage.Bits)) is not null;

    public bool Knows(UInt128 id) => _ids.ContainsKey(id);

    public bool Knows(ulong issuer, ulong type, ulong counter) =>
        Find(new PageKey(issuer, type, counter / DedupePage.Bits))?.IsSet(counter) ?? false;

    /// <summary>What a decision has earned through signals with ids of their own, before the cap, in millionths.</summary>
    public long IdRewards(ulong issuer, ulong counter) => _idsOfDecisions.GetValueOrDefault((issuer, counter)).WeightMicros;

    public void Remember(RememberedId id)
    {
        Put(id);
        _addedIds.Add(id);
    }

    /// <summary>
    /// Adds to what a decision has earned, of a signal without an id of its own: whether it was counted is a bit, and what its value
    /// earned fits into none.
    /// </summary>
    public void RememberValue(ulong issuer, ulong type, ulong counter, long expiresAtMs, long rewardMicros)
    {
        var scope = Mixing.Spread(issuer ^ Mixing.Spread(counter));
        Remember(new RememberedId(new UInt128(Mixing.Spread(scope ^ type), Mixing.Spread(type ^ ~scope)), expiresAtMs, issuer, counter, rewardMicros));
    }

    public void Remember(ulong issuer, ulong type, ulong counter, long expiresAtMs)
    {
        var key = new PageKey(issuer, type, counter / DedupePage.Bits);
        if (Find(key) is not { } page)
        {
            page = new DedupePage();
            _pages[key] = page;
            _last = (key, page);
        }
        page.Set(counter, expiresAtMs);
        _changedPages.Add(key);
        _removedPages.Remove(key);
    }

    /// <summary>Lets go of what can no longer come within its window; <paramref name="logTimeMs"/> never falls.</summary>
    public void Sweep(long logTimeMs)
    {
        if (logTimeMs - _sweptAtMs < SweepEveryMs)
            return;
        _sweptAtMs = logTimeMs;
        var horizon = logTimeMs - GraceMs;
        foreach (var (key, page) in _pages)
        {
            if (page.ExpiresAtMs >= horizon)
                continue;
            _pages.Remove(key);
            _changedPages.Remove(key);
            _removedPages.Add(key);
        }
        foreach (var (key, id) in _ids)
        {
            if (id.ExpiresAtMs >= horizon)
                continue;
            _ids.Remove(key);
            _idsOfDecisions.Remove((id.Issuer, id.Counter));
            _idsExpiredUpToMs = horizon;
        }
        _addedIds.RemoveAll(id => id.ExpiresAtMs < horizon);
        _last = default;
    }

    /// <summary>What changed since the last call.</summary>
    public DedupeChanges TakeChanges()
    {
        var changes = new DedupeChanges(
            [.. _changedPages.Select(key => new StoredPage(key, _pages[key].ExpiresAtMs, _pages[key].ToBytes()))], [.. _removedPages], [.. _addedIds], _idsExpiredUpToMs);
        _changedPages.Clear();
        _removedPages.Clear();
        _addedIds.Clear();
        _idsExpiredUpToMs = null;
        return changes;
    }

    private DedupePage? Find(PageKey key)
    {
        if (_last.Page is not null && _last.Key == key)
            return _last.Page;
        if (!_pages.TryGetValue(key, out var page))
            return null;
        _last = (key, page);
        return page;
    }

    private void Put(RememberedId id)
    {
        _ids[id.Id] = id;
        if (id.Issuer == 0)
            return;
        var (weight, ids) = _idsOfDecisions.GetValueOrDefault((id.Issuer, id.Counter));
        _idsOfDecisions[(id.Issuer, id.Counter)] = (Saturating.Add(weight, id.WeightMicros), ids + 1);
    }
}
