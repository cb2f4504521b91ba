using Flywheel.Signals;

namespace Flywheel.Grains.Partitions;

/// <summary>Where partitions belong, among the silos that this one takes for active. See <see cref="PartitionPlan"/>.</summary>
public sealed class PartitionOwners(ISiloStatusOracle silos, ILocalSiloDetails here, ISignalStore store)
{
    private Plan? _plan;

    /// <summary>The silo that a partition belongs to.</summary>
    public SiloAddress OwnerOf(int partition)
    {
        var active = silos.GetApproximateSiloStatuses(onlyActive: true).Keys.Order().ToArray();
        if (active.Length == 0)
            return here.SiloAddress;
        var plan = Volatile.Read(ref _plan);
        if (plan is null || !plan.Silos.AsSpan().SequenceEqual(active))
            Volatile.Write(ref _plan, plan = new Plan(active, PartitionPlan.Of(store.Partitions, [.. active.Select(silo => silo.ToParsableString())])));
        return plan.Silos[plan.Owners[partition]];
    }

    public bool IsHere(int partition) => OwnerOf(partition).Equals(here.SiloAddress);

    private sealed record Plan(SiloAddress[] Silos, int[] Owners);
}
