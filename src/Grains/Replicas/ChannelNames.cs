using System.Collections.Concurrent;
using System.Text;
using Flywheel.Domain.Campaigns;

namespace Flywheel.Grains.Replicas;

/// <summary>The channels of a campaign: the first 16 that are named, then <c>other</c>.</summary>
public sealed class ChannelNames
{
    public const string Other = "other";

    private readonly ConcurrentDictionary<string, byte[]> _names = new(StringComparer.Ordinal);

    /// <summary>The name that a channel is counted under; empty for none.</summary>
    public string Resolve(string? channel)
    {
        if (string.IsNullOrEmpty(channel))
            return "";
        if (_names.ContainsKey(channel))
            return channel;
        return _names.Count < Limits.ChannelsPerCampaign && Ids.IsValid(channel) && _names.TryAdd(channel, Encoding.UTF8.GetBytes(channel)) ? channel : Other;
    }

    /// <summary>A resolved name as ASCII bytes.</summary>
    public ReadOnlySpan<byte> Utf8(string resolved) =>
        resolved.Length == 0 ? default : _names.TryGetValue(resolved, out var bytes) ? bytes : "other"u8;
}
