using Flywheel.Signals;
using Orleans.Storage;

namespace Flywheel.Grains.Storage;

/// <summary>Writing a grain's state.</summary>
internal static class GrainState
{
    /// <summary>
    /// Replaces the state as a whole. Where the write fails, or its outcome is unknown, memory keeps what it had and the
    /// activation ends, so that the next call reads what the store holds.
    /// </summary>
    public static async Task ReplaceAsync<T>(this IGrainBase grain, IPersistentState<T> state, T next, CancellationToken cancellationToken)
    {
        var previous = state.State;
        state.State = next;
        try
        {
            await state.WriteStateAsync(cancellationToken);
        }
        catch (Exception e)
        {
            state.State = previous;
            grain.DeactivateOnIdle();
            if (e is InconsistentStateException or StoreUnavailableException or OperationCanceledException)
                throw;
            throw new StoreUnavailableException($"The state of {grain.GrainContext.GrainId} could not be written: {e.Message}", e);
        }
    }
}
