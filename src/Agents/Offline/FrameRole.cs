namespace Flywheel.Agents.Offline;

/// <summary>What is written in a slot.</summary>
internal enum FrameRole
{
    /// <summary>A call to action of a few words.</summary>
    Button,

    /// <summary>A headline or a line.</summary>
    Line,

    /// <summary>A few sentences.</summary>
    Body,
}
