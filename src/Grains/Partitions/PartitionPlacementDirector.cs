using Orleans.Runtime.Placement;

namespace Flywheel.Grains.Partitions;

internal sealed class PartitionPlacementDirector(PartitionOwners owners) : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var owner = owners.OwnerOf((int)target.GrainIdentity.GetIntegerKey());
        var silos = context.GetCompatibleSilos(target);
        // A silo of another version may not know the grain; any that does will do, until it does.
        return Task.FromResult(silos.Contains(owner) ? owner : silos.Order().First());
    }
}
