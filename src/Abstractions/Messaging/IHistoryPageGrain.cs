namespace Flywheel.Abstractions.Messaging;

/// <summary>A full page of a campaign's history, by <c>campaign/page</c>.</summary>
[Alias("flywheel.history-page")]
public interface IHistoryPageGrain : IGrainWithStringKey
{
    /// <summary>Stores the page, durable once this returns. A page that is there already stays as it is.</summary>
    [Alias("write")]
    Task WriteAsync(HistoryMessage page, CancellationToken cancellationToken);

    [Alias("read")]
    Task<HistoryMessage> ReadAsync(CancellationToken cancellationToken);

    [Alias("forget")]
    Task ForgetAsync(CancellationToken cancellationToken);
}
