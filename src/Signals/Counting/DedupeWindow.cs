using Flywheel.Decisions;

namespace Flywheel.Signals;

/// <summary>
/// What was already counted, for as long as it could come again. Exact, and bounded: a bit for each decision and type
/// (512 bytes for 4,096 decisions), and about 100 bytes for each signal that carried its own id. Tenants share it: see
/// <see cref="DedupeShare"/>. Whose something is is not stored: what a new owner reads is nobody's, and takes from what is free.
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

    /// <summary>Tenants whose shares are counted apart, since this owner began; those beyond have one together.</summary>
    private const int MaxShares = 10_000;

    private const long SweepEveryMs = 10_000;

    private readonly Dictionary<PageKey, DedupePage> _pages = [];
    private readonly Dictionary<UInt128, (RememberedId Id, DedupeShare? Share)> _ids = [];
    private readonly Dictionary<string, DedupeShare> _shares = new(StringComparer.Ordinal);
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
            Put(id, null);
    }

    private int FreeIds => Math.Max(0, MaxIds - _ids.Count);

    private int FreePages => Math.Max(0, MaxPages - _pages.Count);

    /// <summary>What a tenant takes; always the same object for the same tenant.</summary>
    public DedupeShare ShareOf(ReadOnlySpan<char> tenant)
    {
        if (_shares.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(tenant, out var share))
            return share;
        var name = _shares.Count < MaxShares ? tenant.ToString() : "";
        if (!_shares.TryGetValue(name, out share))
            _shares[name] = share = new DedupeShare(name);
        return share;
    }

    /// <summary>Tenants that can soon have no more remembered of them.</summary>
    /// <param name="withIds">Of signals with ids of their own; else of decisions.</param>
    public IReadOnlyList<string> Crowded(bool withIds) =>
        [.. _shares.Values.Where(share => withIds ? DedupeShare.IsCrowded(share.Ids, FreeIds) : DedupeShare.IsCrowded(share.Pages, FreePages)).Select(share => share.Tenant)];

    public bool CanRememberId(DedupeShare share) => DedupeShare.MayGrow(share.Ids, FreeIds);

    public bool CanRememberIdOf(DedupeShare share, ulong issuer, ulong counter) =>
        CanRememberId(share) && _idsOfDecisions.GetValueOrDefault((issuer, counter)).Ids < MaxIdsOfADecision;

    public bool CanRemember(DedupeShare share, ulong issuer, ulong type, ulong counter) =>
        DedupeShare.MayGrow(share.Pages, FreePages) || Find(new PageKey(issuer, type, counter / DedupePage.Bits)) is not null;

    public bool Knows(UInt128 id) => _ids.ContainsKey(id);

    public bool Knows(ulong issuer, ulong type, ulong counter) =>
        Find(new PageKey(issuer, type, counter / DedupePage.Bits))?.IsSet(counter) ?? false;

    /// <summary>What a decision has earned through signals with ids of their own, before the cap, in millionths.</summary>
    public long IdRewards(ulong issuer, ulong counter) => _idsOfDecisions.GetValueOrDefault((issuer, counter)).WeightMicros;

    public void Remember(DedupeShare share, RememberedId id)
    {
        Put(id, share);
        _addedIds.Add(id);
    }

    /// <summary>
    /// Adds to what a decision has earned, of a signal without an id of its own: whether it was counted is a bit, and what its value
    /// earned fits into none.
    /// </summary>
    public void RememberValue(DedupeShare share, ulong issuer, ulong type, ulong counter, long expiresAtMs, long rewardMicros)
    {
        var scope = Mixing.Spread(issuer ^ Mixing.Spread(counter));
        Remember(share, new RememberedId(new UInt128(Mixing.Spread(scope ^ type), Mixing.Spread(type ^ ~scope)), expiresAtMs, issuer, counter, rewardMicros));
    }

    public void Remember(DedupeShare share, ulong issuer, ulong type, ulong counter, long expiresAtMs)
    {
        var key = new PageKey(issuer, type, counter / DedupePage.Bits);
        if (Find(key) is not { } page)
        {
            page = new DedupePage();
            _pages[key] = page;
            _last = (key, page);
        }
        if (page.Share is null)
        {
            page.Share = share;
            share.Pages++;
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
            if (page.Share is { } share)
                share.Pages--;
            _changedPages.Remove(key);
            _removedPages.Add(key);
        }
        foreach (var (key, (id, share)) in _ids)
        {
            if (id.ExpiresAtMs >= horizon)
                continue;
            _ids.Remove(key);
            if (share is not null)
                share.Ids--;
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

    private void Put(RememberedId id, DedupeShare? share)
    {
        if (_ids.TryAdd(id.Id, (id, share)) && share is not null)
            share.Ids++;
        if (id.Issuer == 0)
            return;
        var (weight, ids) = _idsOfDecisions.GetValueOrDefault((id.Issuer, id.Counter));
        _idsOfDecisions[(id.Issuer, id.Counter)] = (Saturating.Add(weight, id.WeightMicros), ids + 1);
    }
}
