namespace Flywheel.Cli;

/// <summary>How verbs end; <c>docs/cli.md</c> has the same list. 1 is a command line that cannot be read.</summary>
internal static class ExitCodes
{
    public const int Done = 0;

    /// <summary>A file or an argument cannot be used, such as a document that is not valid; nothing was changed.</summary>
    public const int Unusable = 2;

    /// <summary>The log cannot tell what was asked.</summary>
    public const int CannotTell = 3;

    /// <summary>The engine refused: no such campaign, what it alone can tell is wrong with a document, a key that may not.</summary>
    public const int Refused = 4;

    /// <summary>The engine could not be reached, or asks to come again later.</summary>
    public const int Away = 5;

    /// <summary>It ran to its end, and the engine refused or failed a part of it; the report says which.</summary>
    public const int Partly = 6;

    /// <summary>Somebody pressed Ctrl-C, before its end.</summary>
    public const int Interrupted = 130;
}
