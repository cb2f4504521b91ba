using System.Collections.Concurrent;

namespace Flywheel.Decisions;

/// <summary>Decisions of a segment that were served and not yet reported, by channel.</summary>
/// <param name="served">Set with each decision.</param>
public sealed class SegmentTraffic(ServedMark served)
{
    private readonly ConcurrentDictionary<string, TrafficCounter> _byChannel = new(StringComparer.Ordinal);
    private readonly TrafficCounter _own = new(served);

    /// <summary>The counter of each channel; the empty name is for decisions that name none.</summary>
    public IEnumerable<KeyValuePair<string, TrafficCounter>> Channels => _byChannel.Append(new("", _own));

    /// <param name="channel">As <see cref="ChannelNames.Resolve"/> gave it.</param>
    public TrafficCounter Of(string channel) =>
        channel.Length == 0 ? _own
        : _byChannel.TryGetValue(channel, out var counter) ? counter
        : _byChannel.Count < DecisionLimits.Channels + 1 ? _byChannel.GetOrAdd(channel, static (_, served) => new TrafficCounter(served), served)
        : _own;
}
