namespace Flywheel.Silo.Tests.Description;

/// <summary>Documents that the descriptions are tried with.</summary>
internal static class Documents
{
    /// <summary>A campaign that has every member.</summary>
    public const string Everything = """
        {
          "name": "Everything", "status": "live",
          "brief": { "brand": "Aster", "objective": "first orders", "tone": ["warm"], "language": "en",
                     "mustSay": [], "neverSay": ["guaranteed"], "claims": ["free returns for 30 days"] },
          "slots": [ { "id": "headline", "kind": "text", "maxLength": 90,
                       "modules": [ { "id": "h1", "content": { "text": "Run lighter" }, "attributes": { "angle": "benefit" } },
                                    { "id": "h2", "content": { "text": "What your knees wish you knew", "size": 2 } } ] } ],
          "segments": [ { "id": "young-urban", "match": { "age": { "lt": 30 }, "city": ["Paris", "Lyon"] } } ],
          "rewards": { "click": 1, "conversion": { "weight": 2, "perValue": 0.1 }, "cap": 10 },
          "policy": { "control": 0.05, "minPropensity": 0.0, "attributionWindow": "01:00:00" },
          "governance": { "mode": "approve", "maxModulesPerSlot": 8, "challengerShare": 0.1, "proposalsPerDay": 20, "tokensPerDay": 1000, "costPerDay": 1, "coolDownMinutes": 5,
                          "auto": { "slots": ["headline"], "risk": "warning", "share": 0.2 } }
        }
        """;
}
