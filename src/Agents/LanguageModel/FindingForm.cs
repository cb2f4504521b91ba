using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Flywheel.Agents.Reviewing;

namespace Flywheel.Agents.LanguageModel;

/// <summary>The form in which a model hands in findings. It has no member by which a candidate could be approved.</summary>
internal static class FindingForm
{
    public const string Name = "findings";

    private const int MaxFindings = 32;
    private const int MaxText = 300;
    private const string RulePrefix = "reviewer-";

    private static readonly string[] Rules = ["brand", "claims", "tone", "language"];
    private static readonly string[] Severities = ["info", "warning", "block"];

    public static JsonObject Schema() => JsonSchemas.Object(new JsonObject
    {
        ["findings"] = JsonSchemas.Array(JsonSchemas.Object(new JsonObject
        {
            ["candidate"] = JsonSchemas.Number(),
            ["rule"] = JsonSchemas.OneOf(Rules),
            ["severity"] = JsonSchemas.OneOf(Severities),
            ["text"] = JsonSchemas.Text(),
        })),
    });

    /// <returns>A list for each candidate.</returns>
    /// <exception cref="ModelCallException">The answer has another form.</exception>
    public static ImmutableArray<ImmutableArray<ReviewFinding>> Read(string answer, int candidates) => StrictJson.Read(answer, root =>
    {
        var found = new List<ReviewFinding>[candidates];
        for (var i = 0; i < candidates; i++)
            found[i] = [];
        var items = StrictJson.Items(StrictJson.Members(root, "answer", "findings")[0], "findings", 0, MaxFindings);
        foreach (var (i, item) in items.Index())
        {
            var path = $"findings[{i}]";
            var members = StrictJson.Members(item, path, "candidate", "rule", "severity", "text");
            found[StrictJson.Integer(members[0], $"{path}.candidate", 0, candidates - 1)].Add(new ReviewFinding(
                RulePrefix + StrictJson.OneOf(members[1], $"{path}.rule", Rules),
                StrictJson.OneOf(members[2], $"{path}.severity", Severities),
                StrictJson.Text(members[3], $"{path}.text", MaxText)));
        }
        return found.Select(findings => findings.ToImmutableArray()).ToImmutableArray();
    });
}
