using System.IO.Pipelines;
using Flywheel.Decisions;
using Flywheel.Grains.Replicas;
using Flywheel.Silo.Api.Log;
using Flywheel.Silo.Hosting;
using Flywheel.Silo.Metrics;

namespace Flywheel.Silo.Api.Exports;

/// <summary>Writes a round of files: of each campaign its scores and its log, in a folder of its tenant.</summary>
internal sealed partial class ExportRounds(
    ExportOptions options, ExportFolder folder, CampaignReplica replica, Readiness readiness, ScoreTable scores, IServiceProvider services, ExportMetrics metrics, TimeProvider time, ILogger<ExportRounds> logger)
{
    /// <returns>Whether the round is whole. One that another silo writes, or has written, is skipped.</returns>
    public async Task<bool> WriteAsync(DateTimeOffset due, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        try
        {
            using var held = readiness.IsCurrent ? folder.TryHold() : null;
            if (held is null || folder.Has(due))
            {
                metrics.RoundMissed(ExportMetrics.Skipped);
                return false;
            }
            var unfinished = folder.Begin(due);
            foreach (var campaign in replica.Campaigns.OrderBy(campaign => campaign.Published.Id, StringComparer.Ordinal))
                await WriteAsync(Path.Combine(unfinished, CampaignKeys.TenantOf(campaign.Published.Id).ToString(), campaign.Published.LocalId), campaign, cancellationToken);
            folder.Finish(unfinished, due);
            metrics.RoundDone(time.GetUtcNow(), time.GetElapsedTime(started));
            return true;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // What is unfinished goes with the next round.
            LogFailed(e, due);
            metrics.RoundMissed(ExportMetrics.Failed);
            return false;
        }
    }

    private async Task WriteAsync(string path, ReplicatedCampaign campaign, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(path);
        var ending = TableFormats.NameOf(options.Format);
        await WriteAsync(Path.Combine(path, $"scores.{ending}"), ScoreTable.Columns, scores.ReadAsync(campaign, segment: null, byChannel: true), cancellationToken);
        // Asked for at each round: it is there once the silo has joined its cluster.
        var grains = services.GetRequiredService<IGrainFactory>();
        await WriteAsync(Path.Combine(path, $"log.{ending}"), DecisionLog.Columns, DecisionLog.ReadAsync(campaign, segment: null, grains, cancellationToken), cancellationToken);
    }

    private async Task WriteAsync<TRow>(string path, IReadOnlyList<Column<TRow>> columns, IAsyncEnumerable<IEnumerable<TRow>> rows, CancellationToken cancellationToken)
    {
        await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        var output = PipeWriter.Create(file, new StreamPipeWriterOptions(leaveOpen: true));
        var writer = TableFormats.Open(options.Format, columns, output);
        await foreach (var some in rows)
            await writer.WriteAsync(some, cancellationToken);
        await writer.EndAsync(cancellationToken);
        await output.CompleteAsync();
        // Before the round is renamed: a name must not outlive what it names.
        file.Flush(flushToDisk: true);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The files that were due at {Due:u} could not be written; the next round tries again")]
    private partial void LogFailed(Exception e, DateTimeOffset due);
}
