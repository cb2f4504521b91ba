using System.Diagnostics;

namespace Flywheel.Silo.Tracing;

/// <summary>The spans of calls to the store.</summary>
/// <param name="system">Its kind, as OpenTelemetry names it: <c>redis</c> or <c>sqlite</c>.</param>
internal sealed class StoreSpans(string system)
{
    private static readonly ActivitySource Source = new("Flywheel.Store");

    public Activity? Begin(string operation) =>
        Source.StartActivity($"store {operation}", ActivityKind.Client)?.SetTag("db.system.name", system).SetTag("db.operation.name", operation);

    public static async Task WatchAsync(Activity? span, Task call) => await WatchAsync(span, AnswerAsync(call));

    public static async Task<T> WatchAsync<T>(Activity? span, Task<T> call)
    {
        try
        {
            return await call;
        }
        catch (Exception e)
        {
            span?.SetTag("error.type", e.GetType().Name).SetStatus(ActivityStatusCode.Error);
            throw;
        }
    }

    private static async Task<bool> AnswerAsync(Task call)
    {
        await call;
        return true;
    }
}
