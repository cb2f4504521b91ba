namespace Flywheel.Decisions;

/// <summary>
/// Set where a campaign has served decisions that are not reported yet, so that the others need not be looked through. Those who serve write
/// it once a report, and only read it otherwise: the cores do not take it from each other.
/// </summary>
public sealed class ServedMark
{
    private int _isSet;
    private long _takes;

    public bool IsSet => Volatile.Read(ref _isSet) != 0;

    /// <summary>How often it was cleared: with another number, decisions were served meanwhile.</summary>
    public long Takes => Interlocked.Read(ref _takes);

    /// <summary>To be called after the decision was counted.</summary>
    public void Set()
    {
        if (Volatile.Read(ref _isSet) == 0)
            Volatile.Write(ref _isSet, 1);
    }

    /// <summary>Clears it; to be called before the counters are read. False where it was not set.</summary>
    public bool TryTake()
    {
        if (Volatile.Read(ref _isSet) == 0 || Interlocked.Exchange(ref _isSet, 0) == 0)
            return false;
        Interlocked.Increment(ref _takes);
        return true;
    }
}
