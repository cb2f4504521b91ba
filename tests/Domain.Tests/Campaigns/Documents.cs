using System.Text;
using Flywheel.Domain.Campaigns;

namespace Flywheel.Domain.Tests.Campaigns;

/// <summary>Campaign documents as people write them.</summary>
internal static class Documents
{
    public const string Id = "spring";

    /// <summary>The example of the contract.</summary>
    public const string Contract = """
        {
          "name": "Spring shoes", "status": "live",
          "brief": { "brand": "Aster", "objective": "first orders", "tone": ["warm"], "language": "fr",
                     "mustSay": [], "neverSay": ["guaranteed"], "claims": ["free returns for 30 days"] },
          "slots": [
            { "id": "headline", "kind": "text", "maxLength": 90,
              "modules": [ { "id": "h1", "content": { "text": "Run lighter" }, "attributes": { "angle": "benefit" } },
                           { "id": "h2", "content": { "text": "What your knees wish you knew" }, "attributes": { "angle": "curiosity" } } ] },
            { "id": "image", "kind": "image", "modules": [ { "id": "i1", "content": { "url": "https://example.com/a.jpg", "alt": "…" } } ] }
          ],
          "segments": [ { "id": "young-urban", "match": { "age": { "lt": 30 }, "city": ["Paris", "Lyon"] } } ],
          "rewards": { "click": 1, "conversion": 5 },
          "policy": { "control": 0.05, "minPropensity": 0.0, "attributionWindow": "01:00:00" },
          "governance": { "mode": "approve", "maxModulesPerSlot": 8, "challengerShare": 0.1, "proposalsPerDay": 20 }
        }
        """;

    private const string OneSlot = """
        "slots":[{"id":"s","modules":[{"id":"a"},{"id":"b"}]}]
        """;

    /// <summary>A campaign of one slot of two modules, and these members.</summary>
    public static string With(string members) => $$"""{{{members}},{{OneSlot}}}""";

    /// <summary>A campaign of one slot that has these members beside its id.</summary>
    public static string Slot(string members) => $$"""{"slots":[{"id":"s",{{members}}}]}""";

    /// <summary>A campaign of one slot of one module that has these members beside its id.</summary>
    public static string Module(string members, string slot = "") => Slot($$"""{{slot}}"modules":[{"id":"a",{{members}}}]""");

    /// <summary>A campaign of one segment with this match.</summary>
    public static string Match(string match) => With($$"""
        "segments":[{"id":"young","match":{{match}}}]
        """);

    public static string Repeat(int count, Func<int, string> item) => string.Join(",", Enumerable.Range(0, count).Select(item));

    public static Campaign Read(string json)
    {
        var campaign = CampaignReader.Read(Id, Encoding.UTF8.GetBytes(json), out var errors);
        Assert.Empty(errors);
        return campaign!;
    }

    /// <summary>What is wrong with a document that nothing comes out of.</summary>
    public static string[] ErrorsOf(string json, string id = Id)
    {
        Assert.Null(CampaignReader.Read(id, Encoding.UTF8.GetBytes(json), out var errors));
        return [.. errors.Select(error => error.ToString())];
    }
}
