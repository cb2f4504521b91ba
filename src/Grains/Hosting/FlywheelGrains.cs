using Flywheel.Grains.Replicas;
using Flywheel.Signals;
using Microsoft.Extensions.DependencyInjection;
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
        silo.Services.AddSingleton<CampaignReplica>();
        silo.Services.AddSingleton<ReplicaPublisher>();
        silo.Services.AddHostedService<WidthLoop>();
        silo.Services.AddSerializer(serializer => serializer.AddJsonSerializer(type => type.Namespace?.StartsWith("Flywheel.Domain", StringComparison.Ordinal) == true));
        silo.Services.Configure<ExceptionSerializationOptions>(options => options.SupportedNamespacePrefixes.Add(typeof(StoreUnavailableException).Namespace!));
        return silo.AddGrainService<ReplicaGrainService>();
    }
}
