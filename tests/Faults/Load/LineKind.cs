namespace Flywheel.Faults.Load;

internal enum LineKind
{
    Impression,

    /// <summary>A click or a conversion.</summary>
    Reward,

    /// <summary>A signal that is sent once more.</summary>
    Duplicate,

    /// <summary>What the engine must reject.</summary>
    Poison,
}
