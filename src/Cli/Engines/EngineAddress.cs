using System.CommandLine;
using Flywheel.Cli.Campaigns;
using Flywheel.Client;
using Flywheel.Decisions;

namespace Flywheel.Cli.Engines;

/// <summary>The options that say which engine is meant, and as whom.</summary>
internal static class EngineAddress
{
    public const string KeyVariable = "FLYWHEEL_KEY";
    public const string UrlVariable = "FLYWHEEL_URL";

    public static readonly Option<string> Url = new("--url")
    {
        Description = $"The engine. In the environment: {UrlVariable}.",
        DefaultValueFactory = _ => Default,
        Recursive = true,
    };

    public static readonly Option<string?> Key = new("--key")
    {
        Description = $"The API key. Better in the environment as {KeyVariable}: a command line is seen by every user of the machine.",
        Recursive = true,
    };

    /// <summary>The engine that is meant where none is named.</summary>
    public static string Default => Environment.GetEnvironmentVariable(UrlVariable) is { Length: > 0 } url ? url : "http://127.0.0.1:8080";

    public static EngineApi Open(ParseResult parsed) => new(Parse(parsed.GetRequiredValue(Url)), KeyOf(parsed));

    public static EngineHttp OpenHttp(ParseResult parsed) => new(Parse(parsed.GetRequiredValue(Url)), KeyOf(parsed));

    public static EngineClient OpenClient(ParseResult parsed, FlywheelClientOptions? options = null) => new(Parse(parsed.GetRequiredValue(Url)), KeyOf(parsed), options);

    public static string? KeyOf(ParseResult parsed) => parsed.GetValue(Key) ?? Environment.GetEnvironmentVariable(KeyVariable);

    /// <exception cref="InvalidDataException">This is no address.</exception>
    public static Uri Parse(string address) => Uri.TryCreate(address, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
        ? new Uri(url, "/")
        : throw new InvalidDataException($"--url: came {address}; expected an address such as http://127.0.0.1:8080");

    /// <summary>An id goes into paths, here and there.</summary>
    /// <exception cref="InvalidDataException">This is no id.</exception>
    public static string Checked(string id) => Ids.IsValid(id) ? id : throw new InvalidDataException($"id: came \"{id}\"; expected {Ids.Pattern}");
}
