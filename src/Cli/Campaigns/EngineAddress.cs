using System.CommandLine;

namespace Flywheel.Cli.Campaigns;

/// <summary>The options that say which engine is meant, and as whom.</summary>
internal static class EngineAddress
{
    public const string KeyVariable = "FLYWHEEL_KEY";

    public static readonly Option<string> Url = new("--url")
    {
        Description = "The engine.",
        DefaultValueFactory = _ => "http://127.0.0.1:8080",
        Recursive = true,
    };

    public static readonly Option<string?> Key = new("--key")
    {
        Description = $"The API key. Better in the environment as {KeyVariable}: a command line is seen by every user of the machine.",
        Recursive = true,
    };

    public static EngineApi Open(ParseResult parsed) =>
        new(parsed.GetRequiredValue(Url), parsed.GetValue(Key) ?? Environment.GetEnvironmentVariable(KeyVariable));
}
