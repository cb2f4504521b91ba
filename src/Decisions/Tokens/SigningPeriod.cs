namespace Flywheel.Decisions;

/// <summary>When a key of the decision tokens signs, Unix time in milliseconds: from the time in its line to that of the next one.</summary>
/// <param name="FromMs">Its first moment.</param>
/// <param name="UntilMs">When the next key begins.</param>
public readonly record struct SigningPeriod(long FromMs, long UntilMs)
{
    /// <summary>A silo reads the keys every two seconds and may be late; who holds a lease has a clock of its own.</summary>
    public const long AllowanceMs = 60_000;

    public static readonly SigningPeriod Always = new(long.MinValue / 2, long.MaxValue / 2);

    /// <summary>Whether something that says it was signed at this time may have been.</summary>
    public bool Holds(long atMs) => atMs >= FromMs - AllowanceMs && atMs <= UntilMs + AllowanceMs;
}
