using System.Collections.Concurrent;
using System.Text;
using Flywheel.Domain.Campaigns;

namespace Flywheel.Grains.Replicas;

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
        if (!Ids.IsValid(channel) || Volatile.Read(ref _count) >= Limits.ChannelsPerCampaign)
            return Other;
        lock (_names)
        {
            if (!_names.ContainsKey(channel) && _count >= Limits.ChannelsPerCampaign)
                return Other;
            if (_names.TryAdd(channel, Encoding.UTF8.GetBytes(channel)))
                Volatile.Write(ref _count, _count + 1);
            return channel;
        }
    }

    /// <summary>A resolved name as ASCII bytes.</summary>
    public ReadOnlySpan<byte> Utf8(string resolved) =>
        resolved.Length == 0 ? default : _names.TryGetValue(resolved, out var bytes) ? bytes : "other"u8;
}
