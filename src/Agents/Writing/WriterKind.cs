namespace Flywheel.Agents.Writing;

/// <summary>What wrote a candidate.</summary>
public enum WriterKind
{
    /// <summary>The grammar of this assembly: no model, no network.</summary>
    Offline,

    /// <summary>A language model.</summary>
    Model,
}
