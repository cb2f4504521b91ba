namespace Flywheel.Silo.Hosting;

/// <summary>
/// Goes on taking requests for a while after the process was asked to stop and says that it is not ready, so that whoever spreads
/// the load has time to see it.
/// </summary>
internal sealed partial class Drain(FlywheelOptions options, ILogger<Drain> logger) : IHostedLifecycleService
{
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        if (options.Drain <= TimeSpan.Zero)
            return;
        LogDraining(options.Drain.TotalSeconds);
        await Task.Delay(options.Drain, cancellationToken);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(Level = LogLevel.Information, Message = "Not ready any more; taking requests for another {Seconds} s")]
    private partial void LogDraining(double seconds);
}
