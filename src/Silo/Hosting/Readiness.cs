using Flywheel.Grains.Replicas;
using Flywheel.Signals;

namespace Flywheel.Silo.Hosting;

/// <summary>
/// Whether this process should get requests: from when there is something to answer from until it is asked to stop. Degraded, it answers
/// decisions from its replica, and signals and changes with 503.
/// </summary>
internal sealed class Readiness(IHostApplicationLifetime lifetime, CampaignReplica replica, ISignalStore store)
{
    private string? _notJoined = "The silo has not joined its cluster yet.";

    /// <summary>Whether all that the cluster knows has been loaded, and is kept up to date.</summary>
    public bool IsCurrent => Volatile.Read(ref _notJoined) is null;

    public bool IsStarted => lifetime.ApplicationStarted.IsCancellationRequested && (IsCurrent || replica.Campaigns.Any());

    public bool IsReady => IsStarted && !lifetime.ApplicationStopping.IsCancellationRequested;

    /// <summary>Why it answers from what it knew, in a sentence; null where it does not.</summary>
    public string? Degraded => store.Trouble ?? Volatile.Read(ref _notJoined);

    public string Status => !IsStarted ? "starting" : !IsReady ? "stopping" : Degraded is null ? "ready" : "degraded";

    public void Joined() => Volatile.Write(ref _notJoined, null);

    public void Lost(string why) => Volatile.Write(ref _notJoined, why);
}
