namespace Flywheel.Agents.Offline;

/// <summary>How a text speaks. A pattern with none suits all.</summary>
[Flags]
internal enum Tone
{
    None = 0,
    Warm = 1,
    Playful = 2,
    Direct = 4,
    Formal = 8,
}
