using Flywheel.Domain.Learning;

namespace Flywheel.Grains.Partitions;

/// <summary>Hears what partitions commit.</summary>
public interface IPartitionMeter
{
    /// <param name="partition">Its number.</param>
    /// <param name="ledger">The partition's ledger over all time.</param>
    /// <param name="elapsed">How long the commit took.</param>
    void Committed(int partition, SignalLedger ledger, TimeSpan elapsed);

    /// <summary>A partition was taken over from what was last committed.</summary>
    void Opened(int partition, SignalLedger ledger);

    /// <summary>This silo no longer owns a partition.</summary>
    void Left(int partition);

    /// <summary>A commit was refused or its outcome is unknown.</summary>
    void CommitFailed(int partition);
}
