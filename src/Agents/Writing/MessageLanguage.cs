namespace Flywheel.Agents.Writing;

/// <summary>A language that messaging is written in.</summary>
public enum MessageLanguage
{
    French,
    English,
}
