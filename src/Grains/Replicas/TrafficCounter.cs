using Flywheel.Domain.Decisions;

namespace Flywheel.Grains.Replicas;

/// <summary>Decisions this process has served and not yet put into the log, by group.</summary>
public sealed class TrafficCounter
{
    private long _learned;
    private long _control;

    public void Add(Group group)
    {
        if (group == Group.Control)
            Interlocked.Increment(ref _control);
        else
            Interlocked.Increment(ref _learned);
    }

    /// <summary>Takes what was added since; false where that is nothing.</summary>
    public bool TryTake(out long learned, out long control)
    {
        (learned, control) = (Interlocked.Exchange(ref _learned, 0), Interlocked.Exchange(ref _control, 0));
        return learned + control > 0;
    }

    /// <summary>Puts back what could not be put into the log.</summary>
    public void PutBack(long learned, long control)
    {
        Interlocked.Add(ref _learned, learned);
        Interlocked.Add(ref _control, control);
    }
}
