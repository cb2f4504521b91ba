using System.Collections.Immutable;

namespace Flywheel.Agents.Offline;

/// <summary>One language's ways to say things.</summary>
internal sealed record Grammar
{
    public required ImmutableArray<Pattern> Patterns { get; init; }

    /// <summary>Calls to action: texts of a button, and how a longer text ends.</summary>
    public required ImmutableArray<Pattern> Calls { get; init; }

    /// <summary>Sets what a pattern says, before anything of the brief is in it, as the language's printers do.</summary>
    public required Func<string, string> Set { get; init; }
}
