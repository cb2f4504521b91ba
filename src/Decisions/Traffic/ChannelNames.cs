using System.Collections.Concurrent;
using System.Text;

namespace Flywheel.Decisions;

/// <summary>The channels of a campaign: the first 16 that are named, then <c>other</c>.</summary>
public sealed class ChannelNames
{
    public const string Other = "other";

    private readonly ConcurrentDictionary<string, byte[]> _names = new(StringComparer.Ordinal);
    private int _count;

    /// <summary>The name that a channel is counted under; empty for none.</summary>
    public string Resolve(string? channel)
    {
        if (string.IsNullOrEmpty(channel))
            return "";
        if (channel == Other || _names.ContainsKey(channel))
            return channel;
        if (!Ids.IsValid(channel) || Volatile.Read(ref _count) >= DecisionLimits.Channels)
            return Other;
        lock (_names)
        {
            if (!_names.ContainsKey(channel) && _count >= DecisionLimits.Channels)
                return Other;
            if (_names.TryAdd(channel, Encoding.UTF8.GetBytes(channel)))
                Volatile.Write(ref _count, _count + 1);
            return channel;
        }
    }

    /// <summary>The names so far, in order.</summary>
    public IReadOnlyList<string> Names() => [.. _names.Keys.Order(StringComparer.Ordinal)];

    /// <summary>How many there are; they never become fewer.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>A resolved name as ASCII bytes.</summary>
    public ReadOnlySpan<byte> Utf8(string resolved) =>
        resolved.Length == 0 ? default : _names.TryGetValue(resolved, out var bytes) ? bytes : "other"u8;
}
