using System.Collections.Concurrent;
using Flywheel.Grains.Replicas;

namespace Flywheel.Silo.Api.Policies;

/// <summary>The policies of campaigns as they are told to clients: built when somebody asks, and kept until they change.</summary>
internal sealed class PolicySnapshots(CampaignReplica replica)
{
    private readonly ConcurrentDictionary<string, BuiltPolicy> _built = new(StringComparer.Ordinal);

    /// <summary>The policy as this silo serves it now; null where it has no such campaign.</summary>
    public BuiltPolicy? Find(string id)
    {
        if (replica.Find(id) is not { } campaign)
        {
            _built.TryRemove(id, out _);
            return null;
        }
        var known = _built.GetValueOrDefault(id);
        if (known?.IsOf(campaign) == true)
            return known;
        var built = new BuiltPolicy(campaign, replica.Partitions, known);
        _built[id] = built;
        return built;
    }
}
