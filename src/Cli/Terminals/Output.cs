using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Flywheel.Cli.Terminals;

/// <summary>What programs read: JSON on standard output and nothing else there. Names are camelCase, what is not there is left out.</summary>
internal static class Output
{
    /// <summary>Every verb has it.</summary>
    public static readonly Option<bool> Json = new("--json")
    {
        Description = "Print JSON and nothing else on standard output.",
        Recursive = true,
    };

    private static readonly JsonSerializerOptions Shape = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static bool IsJson(ParseResult parsed) => parsed.GetValue(Json);

    /// <summary>Writes a document on a line of its own.</summary>
    public static void Write<T>(T document) => Console.Out.WriteLine(JsonSerializer.Serialize(document, Shape));
}
