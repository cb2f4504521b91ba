namespace Flywheel.Decisions;

/// <summary>Decisions this process has served and not yet reported to the log, by group.</summary>
/// <param name="served">Set with each decision.</param>
public sealed class TrafficCounter(ServedMark served)
{
    private long _learned;
    private long _control;
    private long _assigned;
    private long _assignedControl;
    private long _expectedControlMicros;

    /// <param name="controlShare">The share of the control group that was in force.</param>
    /// <param name="hasUnit">Decisions for a unit always fall into the same group, and say nothing of its share.</param>
    public void Add(Group group, double controlShare, bool hasUnit)
    {
        if (!hasUnit)
        {
            Interlocked.Increment(ref _assigned);
            if (group == Group.Control)
                Interlocked.Increment(ref _assignedControl);
            Interlocked.Add(ref _expectedControlMicros, (long)(controlShare * 1e6 + 0.5));
        }

        if (group == Group.Control)
            Interlocked.Increment(ref _control);
        else
            Interlocked.Increment(ref _learned);
        served.Set();
    }

    /// <summary>Takes what was added since; false where that is nothing.</summary>
    public bool TryTake(out long learned, out long control, out Assignment assignment)
    {
        (learned, control) = (Interlocked.Exchange(ref _learned, 0), Interlocked.Exchange(ref _control, 0));
        assignment = new Assignment(
            Interlocked.Exchange(ref _assigned, 0), Interlocked.Exchange(ref _assignedControl, 0), Interlocked.Exchange(ref _expectedControlMicros, 0));
        return learned + control > 0 || assignment != default;
    }
}
