namespace Flywheel.Cli;

/// <summary>How commands that talk to an engine or to files end. 1 is a command line that cannot be read.</summary>
internal static class ExitCodes
{
    public const int Done = 0;

    /// <summary>A file or an argument cannot be used; nothing was changed.</summary>
    public const int Unusable = 2;

    /// <summary>The engine refused: no such campaign, a document that is not valid, a key that may not.</summary>
    public const int Refused = 4;

    /// <summary>The engine could not be reached, or asks to come again later.</summary>
    public const int Away = 5;
}
