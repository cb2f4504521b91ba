namespace Flywheel.Decisions;

/// <summary>Which policy a decision was assigned to; the control group is served by the uniform policy.</summary>
public enum Group : byte
{
    Learned = 0,
    Control = 1,
}
