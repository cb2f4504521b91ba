namespace Flywheel.Agents.Offline;

/// <summary>The form of a text.</summary>
internal enum TextFormat
{
    Statement,
    Question,
    Imperative,
}
