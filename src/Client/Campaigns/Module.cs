using System.Text.Json.Serialization;

namespace Flywheel.Client;

/// <summary>One way to fill a slot.</summary>
/// <param name="Id"><c>[a-z0-9-]{1,64}</c>.</param>
/// <param name="Content">What is served. A value that another writer stored as a number, list or object reads as its JSON text.</param>
public sealed record Module(string Id, [property: JsonConverter(typeof(ContentConverter))] IReadOnlyDictionary<string, string> Content)
{
    public IReadOnlyDictionary<string, string>? Attributes { get; init; }

    public static Module Text(string id, string text) => new(id, new Dictionary<string, string> { ["text"] = text });
}
