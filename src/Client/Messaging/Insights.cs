using System.ComponentModel.DataAnnotations;

namespace Flywheel.Client;

/// <summary>What can be said of a campaign, in sentences.</summary>
/// <param name="Language"><c>en</c> or <c>fr</c>.</param>
/// <param name="Sentences">What matters most first.</param>
public sealed record Insights([property: AllowedValues("en", "fr")] string Language, [property: System.Text.Json.Serialization.JsonPropertyName("insights")] IReadOnlyList<Insight> Sentences);
