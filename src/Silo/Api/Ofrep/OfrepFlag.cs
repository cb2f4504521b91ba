using System.Text.Json.Nodes;

namespace Flywheel.Silo.Api.Ofrep;

/// <summary>A slot of a campaign as a flag.</summary>
/// <param name="Key"><c>campaign.slot</c>.</param>
/// <param name="Reason"><c>SPLIT</c>, <c>DEFAULT</c> where nothing is learnt yet, <c>STALE</c> where the engine answers from what it knew, <c>DISABLED</c> where the campaign is paused.</param>
internal sealed record OfrepFlag(string Key, string Reason)
{
    /// <summary>The module's id.</summary>
    public string? Variant { get; init; }

    /// <summary>The module's content; left out where nothing is served, and the caller's own default holds.</summary>
    public JsonObject? Value { get; init; }

    /// <summary>What tracking needs: <c>decisionId</c>, and where the decision came from.</summary>
    public JsonObject? Metadata { get; init; }
}
