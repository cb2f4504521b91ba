using Microsoft.Extensions.Logging.Console;

namespace Flywheel.Silo.Logging;

/// <summary>The console, but for problems that repeat: of warnings and worse with the same text but for its values, no more than <see cref="Throttle"/> lets through.</summary>
[ProviderAlias("Console")]
internal sealed partial class ThrottledConsole(ConsoleLoggerProvider console, TimeProvider time) : ILoggerProvider, ISupportExternalScope
{
    private readonly Throttle _throttle = new(time);

    public ILogger CreateLogger(string categoryName) => new Throttled(console.CreateLogger(categoryName), categoryName, _throttle);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => console.SetScopeProvider(scopeProvider);

    public void Dispose() => console.Dispose();

    private sealed partial class Throttled(ILogger inner, string category, Throttle throttle) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => inner.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel >= LogLevel.Warning)
            {
                var (mayWrite, heldBack) = throttle.Ask(category, KindOf(eventId, state));
                if (!mayWrite)
                    return;
                if (heldBack > 0)
                    LogHeldBack(inner, logLevel, heldBack);
            }
            inner.Log(logLevel, eventId, state, exception, formatter);
        }

        /// <summary>What was written in the source: the event's name, else the text with its places for values, else nothing.</summary>
        private static string KindOf<TState>(EventId eventId, TState state) =>
            eventId.Name ?? (state is IReadOnlyList<KeyValuePair<string, object?>> { Count: > 0 } values ? values[^1].Value as string : null) ?? "";

        [LoggerMessage(Message = "{HeldBack} lines like the next were left out")]
        private static partial void LogHeldBack(ILogger logger, LogLevel level, long heldBack);
    }
}
