using System.Collections.Immutable;
using System.Text.Json;
using Flywheel.Agents.Writing;
using Flywheel.Domain.Campaigns;

namespace Flywheel.Agents.Tests;

/// <summary>Requests as campaigns make them, and what is read off their answers.</summary>
internal static class Requests
{
    public static readonly Brief Shoes = new()
    {
        Brand = "Aster",
        Objective = "first orders",
        Tone = ["warm"],
        Language = "en",
        NeverSay = ["guaranteed"],
        Claims = ["free returns for 30 days", "made in Brittany"],
    };

    public static readonly Brief Chaussures = new()
    {
        Brand = "Aster",
        Objective = "premières commandes",
        Tone = ["chaleureux"],
        Language = "fr",
        NeverSay = ["garanti"],
        Claims = ["retours gratuits pendant 30 jours", "cousues en Bretagne"],
    };

    public static Slot Headline(int? maxLength = 90, string? kind = "text") => new()
    {
        Id = "headline",
        Kind = kind,
        MaxLength = maxLength,
        Modules = [Text("h1", "Run lighter", "benefit"), Text("h2", "What your knees wish you knew", "curiosity")],
    };

    public static Module Text(string id, string text, string? angle = null) => new()
    {
        Id = id,
        Content = Content(new { text }),
        Attributes = angle is null ? ImmutableSortedDictionary<string, string>.Empty : Attributes(("angle", angle)),
    };

    public static ModuleContent Content(object members) => ModuleContent.From(JsonSerializer.SerializeToElement(members));

    public static ImmutableSortedDictionary<string, string> Attributes(params (string Name, string Value)[] pairs) =>
        pairs.ToImmutableSortedDictionary(pair => pair.Name, pair => pair.Value);

    public static WritingRequest English(int candidates = 5, ulong seed = 7) =>
        new() { Brief = Shoes, Slot = Headline(), Language = MessageLanguage.English, Candidates = candidates, Seed = seed };

    public static WritingRequest French(int candidates = 5, ulong seed = 7) =>
        new() { Brief = Chaussures, Slot = Headline(), Language = MessageLanguage.French, Candidates = candidates, Seed = seed };

    public static string TextOf(this ModuleContent content) => JsonSerializer.Deserialize<JsonElement>(content.Json).GetProperty("text").GetString()!;

    public static string[] TextsOf(this WritingResult result) => [.. result.Candidates.Select(candidate => candidate.Content.TextOf())];
}
