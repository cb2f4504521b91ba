using Flywheel.Decisions;


namespace Flywheel.Signals;

/// <summary>A segment of one life of a campaign: the unit that is counted, and hashed to a partition.</summary>
public readonly record struct SegmentId(string Campaign, ulong Incarnation, string Segment)
{
    public int PartitionOf(int partitions) =>
        (int)(Mixing.Spread(Mixing.Of(Campaign) ^ Mixing.Spread(Mixing.Of(Segment))) % (ulong)partitions);

    public override string ToString() => $"{Campaign}/{Segment}";
}
