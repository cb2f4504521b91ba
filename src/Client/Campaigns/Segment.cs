using System.Text.Json.Nodes;

namespace Flywheel.Client;

/// <summary>A part of the audience, told by the context of the decision.</summary>
/// <param name="Id"><c>[a-z0-9-]{1,64}</c>, other than <c>default</c>.</param>
/// <param name="Match">The rule, such as <c>{ "age": { "lt": 30 }, "city": ["Paris", "Lyon"] }</c>.</param>
public sealed record Segment(string Id, JsonObject Match);
