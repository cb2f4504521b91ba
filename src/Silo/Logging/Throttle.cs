namespace Flywheel.Silo.Logging;

/// <summary>
/// Lets <see cref="Most"/> lines of a kind through in <see cref="Window"/>, and says how many it held back with the first of the next. Safe to use
/// from any thread.
/// </summary>
internal sealed class Throttle(TimeProvider time)
{
    public const int Most = 10;

    /// <summary>Kinds of lines that are known apart; what comes beyond them shares one.</summary>
    private const int MostKinds = 1_000;

    public static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    private readonly Dictionary<(string Category, string Kind), Lines> _kinds = [];
    private readonly Lock _changing = new();

    /// <summary>Whether a line may be written, and how many of its kind were held back since the last one that was.</summary>
    public (bool MayWrite, long HeldBack) Ask(string category, string kind)
    {
        lock (_changing)
        {
            var key = (category, kind);
            if (!_kinds.TryGetValue(key, out var lines))
            {
                if (_kinds.Count >= MostKinds)
                    key = ("", "");
                if (!_kinds.TryGetValue(key, out lines))
                    _kinds[key] = lines = new Lines { Began = time.GetTimestamp() };
            }
            if (time.GetElapsedTime(lines.Began) >= Window)
                (lines.Began, lines.Written) = (time.GetTimestamp(), 0);
            if (lines.Written == Most)
            {
                lines.HeldBack++;
                return (false, 0);
            }
            lines.Written++;
            var held = lines.HeldBack;
            lines.HeldBack = 0;
            return (true, held);
        }
    }

    private sealed class Lines
    {
        public long Began { get; set; }

        public int Written { get; set; }

        public long HeldBack { get; set; }
    }
}
