using System.Diagnostics;
using System.Reflection;
using System.Text.Json;
using Flywheel.Client;
using Flywheel.Domain.Learning;
using Flywheel.Grains.Partitions;
using Flywheel.Grains.Replicas;
using Flywheel.Signals;
using Flywheel.Silo.Api.Access;
using Flywheel.Silo.Api.Overview;
using Flywheel.Silo.Hosting;
using ClusterMember = Flywheel.Silo.Hosting.ClusterMember;

namespace Flywheel.Silo.Api.Operating;

/// <summary><c>/v1/cluster</c>: silos, partitions and rates, for who operates it.</summary>
internal static class ClusterEndpoints
{
    private static readonly DateTimeOffset StartedAt = Process.GetCurrentProcess().StartTime.ToUniversalTime();

    private static readonly DateTimeOffset Epoch = new(2022, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly string Version =
        typeof(ClusterEndpoints).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown";

    public static void MapCluster(this IEndpointRouteBuilder app) =>
        app.MapGet("/v1/cluster", Get).ForTheEngine().WithTags("Operating").WithSummary("Silos, partitions, rates and what is degraded, as this silo sees it").Produces<ClusterReport>();

    private static IResult Get(
        CampaignReplica replica, ClusterMember member, ISignalStore store, Readiness readiness, TrafficRates rates, OverviewBoard board, FlywheelOptions options, TimeProvider time)
    {
        var now = time.GetUtcNow();
        var (silos, owners) = Members(member);
        return Results.Ok(new ClusterReport(
            now,
            Version,
            StartedAt,
            Math.Round(Math.Max(0, (now - StartedAt).TotalSeconds), 3),
            readiness.Status,
            options.Demo,
            silos,
            PartitionsOf(replica, owners),
            replica.Campaigns.Count(),
            rates.Decisions,
            rates.Signals,
            store.Backlog,
            options.MaxBacklog,
            new ClusterLinks { Grafana = options.GrafanaUrl, Orleans = options.OrleansDashboard ? OrleansDashboard.Root : null })
        {
            Degraded = readiness.Degraded,
            OldestPolicyAt = board.ReadAll().Where(line => line.Campaign.DecisionsPerSecond > 0).Min(line => line.Campaign.PolicyAt),
        });
    }

    /// <summary>As this silo knows its cluster, without asking the store; nothing while it is no member.</summary>
    private static (IReadOnlyList<SiloReport> Silos, PartitionOwners? Owners) Members(ClusterMember member)
    {
        try
        {
            var services = member.Services;
            var (oracle, here) = (services.GetRequiredService<ISiloStatusOracle>(), services.GetRequiredService<ILocalSiloDetails>().SiloAddress);
            var silos = oracle.GetApproximateSiloStatuses().OrderBy(each => each.Key).Select(each => new SiloReport(
                each.Key.Endpoint.ToString(), JsonNamingPolicy.CamelCase.ConvertName(each.Value.ToString()), StartOf(each.Key), each.Key.Equals(here)));
            return ([.. silos], services.GetRequiredService<PartitionOwners>());
        }
        catch (Exception e) when (e is StoreUnavailableException or ObjectDisposedException)
        {
            // It was lost, before or meanwhile.
            return ([], null);
        }
    }

    /// <summary>Orleans names each start of a silo by the seconds since 2022.</summary>
    private static DateTimeOffset StartOf(SiloAddress silo) => Epoch.AddSeconds((uint)silo.Generation);

    /// <summary>From the counts that this silo's replica holds: one pass over all segments.</summary>
    private static PartitionReport[] PartitionsOf(CampaignReplica replica, PartitionOwners? owners)
    {
        var (segments, ledgers) = (new int[replica.Partitions], new SignalLedger[replica.Partitions]);
        foreach (var segment in replica.Campaigns.SelectMany(campaign => campaign.Segments))
        {
            segments[segment.Partition]++;
            ledgers[segment.Partition] += segment.Served?.Counts.Ledger ?? default;
        }
        return [.. Enumerable.Range(0, replica.Partitions).Select(partition => new PartitionReport(partition, segments[partition], Wire(ledgers[partition]))
        {
            Silo = owners?.OwnerOf(partition).Endpoint.ToString(),
        })];
    }

    private static Ledger Wire(SignalLedger ledger) => new(ledger.Accepted, ledger.Counted, ledger.Duplicate, ledger.Late, ledger.Quarantined);
}
