using Flywheel.Domain.Campaigns;
using Flywheel.Domain.Webhooks;
using Flywheel.Grains.Agents;
using Flywheel.Grains.Campaigns;
using Flywheel.Grains.Partitions;
using Flywheel.Grains.Replicas;
using Flywheel.Grains.Rollbacks;
using Flywheel.Signals;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Serialization;

namespace Flywheel.Grains.Hosting;

/// <summary>What every silo needs to run the grains, whatever its clustering and its store.</summary>
public static class FlywheelGrains
{
    /// <summary>
    /// Adds the replica and its publisher, and what messages need: domain types travel as JSON, and our own exceptions as
    /// themselves, so that a caller can tell a store that is away from a defect.
    /// </summary>
    public static ISiloBuilder AddFlywheelGrains(this ISiloBuilder silo)
    {
        silo.Services.TryAddSingleton<CampaignReplica>();
        silo.Services.AddSingleton<ReplicaPublisher>();
        silo.Services.TryAddSingleton(new CampaignQuota(Limits.Campaigns));
        foreach (var lane in new[] { Lane.Fits, Lane.Counts })
            silo.Services.AddKeyedSingleton(lane, (_, _) => new Lane(lane));
        silo.Services.AddSingleton<PartitionOwners>();
        silo.Services.AddSingleton<PolicyRollback>();
        silo.Services.AddPlacementDirector<PartitionPlacement, PartitionPlacementDirector>();
        silo.Services.AddHostedService<WidthLoop>();
        silo.Services.AddSingleton<WritingDesk>();
        silo.Services.AddHostedService(services => services.GetRequiredService<WritingDesk>());
        silo.Services.TryAddSingleton<RetrySchedule>();
        silo.Services.AddFlywheelMessages();
        return silo.AddGrainService<ReplicaGrainService>();
    }

    /// <summary>How messages between silos are written; held by golden files, since silos of two versions understand each other.</summary>
    public static IServiceCollection AddFlywheelMessages(this IServiceCollection services)
    {
        services.AddSerializer(serializer => serializer.AddJsonSerializer(type => type.Namespace is "Flywheel.Decisions" || type.Namespace?.StartsWith("Flywheel.Domain", StringComparison.Ordinal) == true));
        services.Configure<ExceptionSerializationOptions>(options =>
        {
            options.SupportedNamespacePrefixes.Add(typeof(StoreUnavailableException).Namespace!);
            options.SupportedNamespacePrefixes.Add("StackExchange.Redis");
            options.SupportedNamespacePrefixes.Add("Orleans.Persistence.Redis");
        });
        return services;
    }
}
