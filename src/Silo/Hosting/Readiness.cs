namespace Flywheel.Silo.Hosting;

/// <summary>Whether this silo should get requests: from when everything is loaded until it is asked to stop.</summary>
internal sealed class Readiness(IHostApplicationLifetime lifetime)
{
    public bool IsStarted => lifetime.ApplicationStarted.IsCancellationRequested;

    public bool IsReady => IsStarted && !lifetime.ApplicationStopping.IsCancellationRequested;

    public string Status => IsReady ? "ready" : IsStarted ? "stopping" : "starting";
}
