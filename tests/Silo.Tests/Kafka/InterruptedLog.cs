using Flywheel.Signals;

namespace Flywheel.Silo.Tests.Kafka;

/// <summary>Test double: the log, whose appends fail as told, before they land or behind it, and whose caller cannot tell which.</summary>
internal sealed class InterruptedLog(ISourceLog log) : ISourceLog
{
    private int _appends;

    public Task<SourcePosition> ReadAsync(string source, CancellationToken cancellationToken) => log.ReadAsync(source, cancellationToken);

    public async Task<bool> AppendAsync(SourceBatch batch, CancellationToken cancellationToken)
    {
        var append = Interlocked.Increment(ref _appends);
        if (append % 5 == 2)
            throw new StoreUnavailableException("scripted, before it landed");
        var landed = await log.AppendAsync(batch, cancellationToken);
        return append % 5 == 4 ? throw new StoreUnavailableException("scripted, behind it") : landed;
    }
}
