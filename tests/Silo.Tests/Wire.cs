using System.Text.Json.Nodes;

namespace Flywheel.Silo.Tests;

/// <summary>Documents and signals as they go over the wire.</summary>
internal static class Wire
{
    /// <summary>The campaign of the contract.</summary>
    public const string Spring = """
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

    private static readonly string[] SlotIds = ["headline", "image"];

    /// <summary>A campaign of the slots headline (h1, h2, …), image (i1, …), s3, …</summary>
    /// <param name="modules">How many modules each slot has.</param>
    /// <param name="rest">More members, such as <c>"rewards":{"click":1}</c>.</param>
    public static string Campaign(int[] modules, string rest = "")
    {
        var slots = modules.Select((many, slot) => Slot(
            slot < SlotIds.Length ? SlotIds[slot] : $"s{slot + 1}",
            Enumerable.Range(1, many).Select(module => Module($"{(slot < SlotIds.Length ? SlotIds[slot][..1] : "m")}{module}", $"Text {module}"))));
        return Campaign(slots, rest);
    }

    public static string Campaign(IEnumerable<string> slots, string rest = "") =>
        $$"""{"slots":[{{string.Join(',', slots)}}]{{(rest.Length == 0 ? "" : "," + rest)}}}""";

    public static string Slot(string id, params IEnumerable<string> modules) => $$"""{"id":"{{id}}","modules":[{{string.Join(',', modules)}}]}""";

    public static string Module(string id, string text) => $$$"""{"id":"{{{id}}}","content":{"text":"{{{text}}}"}}""";

    public static string Segments(int many) => string.Join(',', Enumerable.Range(1, many).Select(i => $$"""{"id":"seg-{{i}}"}"""));

    /// <summary>A signal about a decision.</summary>
    public static string Signal(Decision decision, string type, string? id = null) => Signal(decision.DecisionId, type, id);

    public static string Signal(string decisionId, string type, string? id = null) =>
        new JsonObject { ["decisionId"] = decisionId, ["type"] = type, ["id"] = id }.ToJsonString();

    public static string Valued(Decision decision, string type, double value, string? id = null) =>
        new JsonObject { ["decisionId"] = decision.DecisionId, ["type"] = type, ["value"] = value, ["id"] = id }.ToJsonString();

    /// <summary>A signal about what another system served: the module h1 of the slot headline.</summary>
    public static string Observed(string campaign, string id, string type, long count = 1, string segment = "default", string? channel = null) =>
        new JsonObject
        {
            ["id"] = id,
            ["campaign"] = campaign,
            ["segment"] = segment,
            ["modules"] = new JsonObject { ["headline"] = "h1" },
            ["type"] = type,
            ["count"] = count,
            ["channel"] = channel,
        }.ToJsonString();

    public static string Array(params IEnumerable<string> signals) => $"[{string.Join(',', signals)}]";

    public static string Lines(params IEnumerable<string> signals) => string.Concat(signals.Select(signal => signal + "\n"));
}
