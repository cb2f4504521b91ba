using System.Text.Json;
using Flywheel.Client;

namespace Flywheel.Cli.Proposals;

/// <summary>Reads a person's version of a proposal.</summary>
internal static class ProposalFile
{
    private const string Content = "content";
    private const string Attributes = "attributes";

    /// <param name="path">A file; - for standard input.</param>
    /// <exception cref="InvalidDataException">This is no content; the message says what came.</exception>
    public static ProposalEdit Read(string path)
    {
        using var stream = path == "-" ? Console.OpenStandardInput() : File.OpenRead(path);
        try
        {
            using var document = JsonDocument.Parse(stream);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                throw new InvalidDataException($"{path}: came {document.RootElement.ValueKind}; expected an object, such as {{\"text\":\"Run lighter\"}}");
            return document.RootElement.TryGetProperty(Content, out var content) && content.ValueKind == JsonValueKind.Object
                ? new ProposalEdit(Texts(content, path)) { Attributes = document.RootElement.TryGetProperty(Attributes, out var attributes) ? Texts(attributes, path) : null }
                : new ProposalEdit(Texts(document.RootElement, path));
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{path}: malformed JSON: {e.Message}", e);
        }
    }

    private static Dictionary<string, string> Texts(JsonElement element, string path) =>
        element.ValueKind == JsonValueKind.Object && element.EnumerateObject().All(member => member.Value.ValueKind == JsonValueKind.String)
            ? element.EnumerateObject().ToDictionary(member => member.Name, member => member.Value.GetString()!)
            : throw new InvalidDataException($"{path}: came {element.GetRawText()[..Math.Min(80, element.GetRawText().Length)]}; expected an object of texts, each name once");
}
