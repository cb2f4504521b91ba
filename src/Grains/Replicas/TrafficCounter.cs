using Flywheel.Domain.Decisions;

namespace Flywheel.Grains.Replicas;

/// <summary>Decisions this process has served, by group.</summary>
public sealed class TrafficCounter
{
    private long _learned;
    private long _control;
    private long _reported;

    public void Add(Group group)
    {
        if (group == Group.Control)
            Interlocked.Increment(ref _control);
        else
            Interlocked.Increment(ref _learned);
    }

    /// <summary>The figures, where they are not those that were last reported.</summary>
    public bool TryTakeChange(out long learned, out long control)
    {
        (learned, control) = (Interlocked.Read(ref _learned), Interlocked.Read(ref _control));
        var total = learned + control;
        return Interlocked.Exchange(ref _reported, total) != total;
    }
}
