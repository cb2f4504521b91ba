using System.Collections.Immutable;
using System.Text.Json;
using Flywheel.Domain.Campaigns;
using Flywheel.Domain.Governance;

namespace Flywheel.Domain.Tests.Governance;

/// <summary>Candidates, and what the guardrails find in them.</summary>
internal static class Drafts
{
    public static readonly Slot Headline = new() { Id = "headline", Kind = "text", Modules = [] };

    public static readonly Slot Image = new() { Id = "image", Kind = "image", Modules = [] };

    public static readonly Brief English = new() { Language = "en" };

    public static readonly Brief French = new() { Language = "fr" };

    public static ModuleContent Content(string json) => ModuleContent.From(JsonElement.Parse(json));

    public static ModuleContent Saying(string text) => ModuleContent.From(JsonSerializer.SerializeToElement(new Dictionary<string, string> { ["text"] = text }));

    public static Module Module(string id, ModuleContent content) => new() { Id = id, Content = content };

    public static ImmutableArray<Finding> Check(string text, Brief? brief = null) => Check(Headline, Saying(text), brief);

    public static ImmutableArray<Finding> Check(Slot slot, ModuleContent content, Brief? brief = null) =>
        Guardrails.Check(new Candidate { Slot = slot, Content = content }, brief, [], []);

    public static Finding[] Of(this ImmutableArray<Finding> findings, string rule) => [.. findings.Where(finding => finding.Rule == rule)];

    public static FindingSeverity? Gravest(this ImmutableArray<Finding> findings, string rule) =>
        findings.Of(rule) is { Length: > 0 } found ? found.Max(finding => finding.Severity) : null;

    public static void AssertBlocked(this ImmutableArray<Finding> findings, string rule, string because) =>
        Assert.True(findings.Gravest(rule) == FindingSeverity.Block, $"{rule} lets pass: {because}; it found {string.Join(" | ", findings)}");

    public static void AssertNotBlocked(this ImmutableArray<Finding> findings, string rule, string because) =>
        Assert.True(findings.Gravest(rule) != FindingSeverity.Block, $"{rule} blocks: {because}; it found {string.Join(" | ", findings.Of(rule).Select(finding => finding.Text))}");
}
