using System.Text;
using Flywheel.Domain.Campaigns;

namespace Flywheel.Grains.Tests;

/// <summary>Campaign documents.</summary>
internal static class Documents
{
    /// <summary>Two headlines and an image, for a segment of its own and for everyone else.</summary>
    public static string Spring(string headline = "Run lighter", double control = 0.05) => $$"""
        {
          "slots": [
            { "id": "headline", "modules": [ { "id": "h1", "content": { "text": "{{headline}}" } }, { "id": "h2", "content": { "text": "Run further" } } ] },
            { "id": "image", "modules": [ { "id": "i1" } ] }
          ],
          "segments": [ { "id": "young", "match": { "age": { "lt": 30 } } } ],
          "rewards": { "click": 1 },
          "policy": { "control": {{FormattableString.Invariant($"{control}")}} }
        }
        """;

    public static Campaign Read(string json) =>
        CampaignReader.Read("campaign", Encoding.UTF8.GetBytes(json), out var errors) ?? throw new ArgumentException(string.Join("; ", errors), nameof(json));
}
