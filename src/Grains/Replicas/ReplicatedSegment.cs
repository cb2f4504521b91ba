using System.Text;
using Flywheel.Decisions;
using Flywheel.Signals;

namespace Flywheel.Grains.Replicas;

/// <summary>A segment of a replicated campaign: where it is counted, how it is served now, and how often it was.</summary>
/// <param name="served">The campaign's, which outlives its layouts as the traffic does.</param>
/// <param name="earlier">The same segment under the layout before, whose traffic is counted on; null where there is none.</param>
public sealed class ReplicatedSegment(SegmentId id, int partition, ServedMark served, ReplicatedSegment? earlier)
{
    private ServedSegment? _served;
    private SegmentPolicy? _standIn;

    public SegmentId Id => id;

    /// <summary>The partition of the log that counts it.</summary>
    public int Partition => partition;

    public ReadOnlyMemory<byte> Utf8Id { get; } = Encoding.UTF8.GetBytes(id.Segment);

    /// <summary>Null until something was learnt: then the campaign's prior serves.</summary>
    public ServedSegment? Served => Volatile.Read(ref _served);

    /// <summary>Serves a segment that is known to have evidence, until its policy is there; null where none is missed.</summary>
    public SegmentPolicy? StandIn
    {
        get => Volatile.Read(ref _standIn);
        set => Volatile.Write(ref _standIn, value);
    }

    /// <summary>Decisions served here and not yet reported.</summary>
    public SegmentTraffic Traffic { get; } = earlier?.Traffic ?? new(served);

    /// <summary>Takes what is newer than it has; false where it was not.</summary>
    public bool Put(ServedSegment served)
    {
        while (true)
        {
            var current = Served;
            if (current is not null && (current.Epoch > served.Epoch || (current.Epoch == served.Epoch
                && (current.Counts.Version > served.Counts.Version || current.Fit.Policy.Version > served.Fit.Policy.Version))))
                return false;
            if (Interlocked.CompareExchange(ref _served, served, current) == current)
                return true;
        }
    }
}
