using System.Text.Json.Serialization;

namespace Flywheel.Client;

/// <summary>A person's version of a proposal.</summary>
/// <param name="Content">What is served.</param>
public sealed record ProposalEdit([property: JsonConverter(typeof(ContentConverter))] IReadOnlyDictionary<string, string> Content)
{
    /// <value>None where null.</value>
    public IReadOnlyDictionary<string, string>? Attributes { get; init; }

    /// <value>At most 1,000 characters.</value>
    public string? Comment { get; init; }
}
