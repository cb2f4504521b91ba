using Flywheel.Abstractions.Partitions;
using Flywheel.Signals;

namespace Flywheel.Silo.Hosting;

/// <summary>Tells partitions that the log holds something new for them. What is appended while there is no silo here, another's sweep finds.</summary>
internal sealed class PartitionNudge(ClusterMember member)
{
    /// <summary>Does not block, and does not fail.</summary>
    public void Send(IEnumerable<int> partitions)
    {
        if (!member.IsMember)
            return;
        try
        {
            foreach (var partition in partitions)
                member.Grains.GetGrain<IPartitionGrain>(partition).NudgeAsync(CancellationToken.None).Ignore();
        }
        catch (Exception e) when (e is StoreUnavailableException or ObjectDisposedException)
        {
            // The silo was lost just now; what was appended is durable all the same.
        }
    }
}
