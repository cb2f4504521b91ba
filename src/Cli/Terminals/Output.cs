using System.CommandLine;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Flywheel.Cli.Terminals;

/// <summary>Standard output: lines, or JSON and nothing else, whose names are camelCase and which leaves out what is not there.</summary>
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
    /// <param name="document">What to write.</param>
    /// <param name="shape">Where it is another one than usual.</param>
    public static void Write<T>(T document, JsonSerializerOptions? shape = null) => WriteLine(JsonSerializer.Serialize(document, shape ?? Shape));

    /// <summary>Writes a JSON document that is written already.</summary>
    public static void WriteLine(byte[] document) => WriteLine(Encoding.UTF8.GetString(document));

    public static void WriteLine(string line) => Console.Out.WriteLine(Visible.Lines(line));
}
