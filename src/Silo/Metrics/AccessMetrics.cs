using Prometheus;

namespace Flywheel.Silo.Metrics;

/// <summary>Who was turned away, and whether the files of keys can be read. Labels are fixed.</summary>
internal sealed class AccessMetrics
{
    public const string NoCredential = "credential";
    public const string WrongRole = "role";
    public const string OtherSite = "site";
    public const string OverLimit = "limit";

    private readonly Counter _denied;
    private readonly Gauge _files;

    public AccessMetrics(CollectorRegistry registry)
    {
        var factory = Prometheus.Metrics.WithCustomRegistry(registry);
        _denied = factory.CreateCounter("flywheel_access_denied_total",
            "Requests turned away: for want of a credential that holds (credential, 401), of a role (role, 403), for coming from another site's page (site, 403), for too many of them (limit, 429).", "reason");
        foreach (var reason in (string[])[NoCredential, WrongRole, OtherSite, OverLimit])
            _denied.WithLabels(reason);
        _files = factory.CreateGauge("flywheel_watched_file_usable", "1 where the file of keys could be used when it was last read, 0 where what it held before holds on.", "file");
    }

    public void Denied(string reason) => _denied.WithLabels(reason).Inc();

    /// <param name="file">One of the few that the engine was started with.</param>
    public void FileRead(string file, bool isUsable) => _files.WithLabels(file).Set(isUsable ? 1 : 0);
}
