namespace Flywheel.Faults.Load;

/// <summary>What came of asking a silo.</summary>
/// <param name="Status">The status; 0 where the connection failed, broke or was silent too long, so that nobody knows what was done.</param>
/// <param name="RetryAfter">What the silo asked for.</param>
/// <param name="Body">The body.</param>
internal readonly record struct SiloAnswer(int Status, TimeSpan? RetryAfter, byte[] Body)
{
    public const int Lost = 0;

    /// <summary>True where another silo, or the same one later, may do better.</summary>
    public bool IsTransient => Status is Lost or 429 or >= 500;
}
