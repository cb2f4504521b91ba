namespace Flywheel.Domain.Scoring.Insights;

/// <summary>What an insight is about.</summary>
public enum InsightKind
{
    /// <summary>What resonates with whom.</summary>
    Resonates,

    /// <summary>What fades.</summary>
    Fades,

    /// <summary>What is new.</summary>
    New,

    /// <summary>What to do.</summary>
    ToDo,
}
