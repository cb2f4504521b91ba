using System.Collections.Frozen;
using Flywheel.Decisions;

namespace Flywheel.Silo.Hosting;

/// <summary>
/// Tenants that have taken nearly all that a partition can remember of theirs: what they send there is turned away until that has gone out of its attribution
/// window, for it could not be told apart. Known from the partitions' owners, every few seconds. Safe to use from any thread.
/// </summary>
internal sealed class CrowdedTenants
{
    private Known? _known;

    /// <summary>How many there are, a tenant once for each partition and kind of memory.</summary>
    public int Count => Volatile.Read(ref _known) is { } known ? known.Ids.Count + known.Pages.Count : 0;

    /// <param name="partition">Where a signal would be counted.</param>
    /// <param name="campaign">What it is about, see <see cref="CampaignKeys"/>.</param>
    /// <param name="withId">Whether it is remembered by an id, or by a bit for its decision.</param>
    public bool Contains(int partition, string campaign, bool withId) =>
        Volatile.Read(ref _known) is { } known && (withId ? known.Ids : known.Pages).Contains((partition, CampaignKeys.TenantOf(campaign).ToString()));

    /// <summary>Takes what all partitions said.</summary>
    public void Take(IEnumerable<(int Partition, string Tenant)> ids, IEnumerable<(int Partition, string Tenant)> pages)
    {
        var known = new Known(ids.ToFrozenSet(), pages.ToFrozenSet());
        Volatile.Write(ref _known, known.Ids.Count + known.Pages.Count > 0 ? known : null);
    }

    private sealed record Known(FrozenSet<(int Partition, string Tenant)> Ids, FrozenSet<(int Partition, string Tenant)> Pages);
}
