using System.Text;
using Flywheel.Decisions;

namespace Flywheel.Client;

/// <summary>A segment as it is served here.</summary>
internal sealed class LocalSegment(SnapshotSegment source, SnapshotPolicy prior, SegmentTraffic traffic)
{
    private readonly SnapshotPolicy _served = source.Own ?? prior;

    public SnapshotSegment Source => source;

    public SegmentPolicy Policy => _served.Policy;

    public long FittedAtMs => _served.FittedAtMs;

    public SegmentTraffic Traffic => traffic;

    public byte[] Utf8Id { get; } = Encoding.ASCII.GetBytes(source.Id);
}
