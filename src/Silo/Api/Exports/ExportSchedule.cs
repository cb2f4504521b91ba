using Flywheel.Silo.Metrics;

namespace Flywheel.Silo.Api.Exports;

/// <summary>Has a round of files written whenever one is due. One that takes longer than the period has the rounds meanwhile left out.</summary>
internal sealed class ExportSchedule(ExportOptions options, ExportRounds rounds, ExportMetrics metrics, TimeProvider time) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        metrics.Scheduled(options.Every);
        while (true)
        {
            var due = Next(time.GetUtcNow());
            // A clock that was set back, or a timer that rings early, must not have a round written before it is due.
            while (time.GetUtcNow() < due)
                await Task.Delay(due - time.GetUtcNow() is var left && left > TimeSpan.Zero ? left : TimeSpan.FromMilliseconds(1), time, stoppingToken);
            await rounds.WriteAsync(due, stoppingToken);
        }
    }

    /// <summary>The next multiple of the period, so that all silos mean the same rounds.</summary>
    private DateTimeOffset Next(DateTimeOffset now) => new((now.Ticks / options.Every.Ticks + 1) * options.Every.Ticks, TimeSpan.Zero);
}
