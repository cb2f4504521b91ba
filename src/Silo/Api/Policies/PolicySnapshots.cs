using System.Runtime.CompilerServices;
using Flywheel.Grains.Replicas;

namespace Flywheel.Silo.Api.Policies;

/// <summary>The policies of campaigns as they are told to clients: built when somebody asks, and kept until they change or the campaign goes.</summary>
internal sealed class PolicySnapshots(CampaignReplica replica)
{
    private readonly ConditionalWeakTable<ReplicatedCampaign, BuiltPolicy> _built = [];

    /// <summary>The policy as this silo serves it now.</summary>
    public BuiltPolicy Of(ReplicatedCampaign campaign)
    {
        _built.TryGetValue(campaign, out var known);
        if (known?.IsCurrent == true)
            return known;
        var built = new BuiltPolicy(campaign, replica.Partitions, known);
        _built.AddOrUpdate(campaign, built);
        return built;
    }
}
