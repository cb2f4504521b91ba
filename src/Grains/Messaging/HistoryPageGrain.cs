using Flywheel.Abstractions.Messaging;
using Flywheel.Grains.Storage;

namespace Flywheel.Grains.Messaging;

/// <summary>
/// A full page of a campaign's history, by <c>campaign/page</c>. Written once and never again, durable before it answers; called when a page is
/// full, and when somebody reads so far back.
/// </summary>
[CollectionAgeLimit(Minutes = 2)]
[GrainType("flywheel.history-page")]
public sealed class HistoryPageGrain(
    [PersistentState("history", StorageNames.Default)] IPersistentState<HistoryPageState> state) : Grain, IHistoryPageGrain
{
    public async Task WriteAsync(HistoryMessage page, CancellationToken cancellationToken)
    {
        if (state.State.Entries.IsEmpty)
            await this.ReplaceAsync(state, new HistoryPageState { Entries = page.Entries }, cancellationToken);
    }

    public Task<HistoryMessage> ReadAsync(CancellationToken cancellationToken) => Task.FromResult(new HistoryMessage(state.State.Entries));

    public async Task ForgetAsync(CancellationToken cancellationToken)
    {
        await state.ClearStateAsync(cancellationToken);
        DeactivateOnIdle();
    }
}
