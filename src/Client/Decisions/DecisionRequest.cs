using System.Text.Json.Nodes;

namespace Flywheel.Client;

/// <summary>Asks which variant to serve.</summary>
public sealed record DecisionRequest(string Campaign)
{
    /// <value>Wins over <see cref="Context"/>; with neither, the decision is for <c>default</c>.</value>
    public string? Segment { get; init; }

    /// <value>What is known of the person and the moment, such as <c>{ "age": 24 }</c>.</value>
    public JsonObject? Context { get; init; }

    /// <value>Whom it is for. The same unit keeps its variant while the policy would still serve it.</value>
    public string? Unit { get; init; }
}
