using System.Text.Json.Serialization;

namespace Flywheel.Client;

/// <summary>The module that fills a slot.</summary>
/// <param name="Module">The module's id.</param>
/// <param name="Version">The version of its content.</param>
/// <param name="Content">What to show. A value that is a number, list or object reads as its JSON text.</param>
public sealed record ServedModule(
    string Module,
    int Version,
    [property: JsonConverter(typeof(ContentConverter))] IReadOnlyDictionary<string, string> Content);
