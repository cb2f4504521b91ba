using Flywheel.Domain.Campaigns;
using Flywheel.Domain.Decisions;
using Flywheel.Domain.Learning;
using Flywheel.Domain.Scoring;
using Flywheel.Domain.Scoring.Fatigue;
using Flywheel.Domain.Scoring.Readings;
using Flywheel.Domain.Tests.Campaigns;

namespace Flywheel.Domain.Tests.Scoring.Readings;

/// <summary>A campaign whose headlines have angles and tones, and what is known of its segments from counts that are told.</summary>
internal static class ReadingCase
{
    public static readonly Campaign Campaign = Documents.Read("""
        {
          "slots": [
            { "id": "headline", "kind": "text",
              "modules": [ { "id": "h1", "content": { "text": "Run lighter" }, "attributes": { "angle": "benefit", "tone": "warm" } },
                           { "id": "h2", "content": { "text": "What your knees know" }, "attributes": { "angle": "curiosity", "tone": "warm" } },
                           { "id": "h3", "content": { "text": "Shoes for all" }, "attributes": { "angle": "benefit", "tone": "sober" } },
                           { "id": "h4", "content": { "text": "Run further" }, "attributes": { "angle": "benefit" } } ] },
            { "id": "image", "kind": "image",
              "modules": [ { "id": "i1", "content": { "url": "https://example.com/a.jpg" }, "attributes": { "tone": "playful" } },
                           { "id": "i2", "content": { "url": "https://example.com/b.jpg" } } ] }
          ],
          "segments": [ { "id": "young-urban", "match": { "age": { "lt": 30 } } } ],
          "rewards": { "click": 1 }
        }
        """);

    public static readonly CampaignLayout Layout = new(Published.Of(Campaign));

    /// <summary>Headlines with these impressions and rewards; images earn alike.</summary>
    public static SegmentReading Segment(string id, params (long Impressions, double Rewards)[] headlines) => Segment(id, [], [], headlines);

    /// <param name="faded">Headlines that have faded.</param>
    /// <param name="added">Headlines that have only just been added.</param>
    public static SegmentReading Segment(string id, string[] faded, string[] added, (long Impressions, double Rewards)[] headlines)
    {
        var counts = Counts(headlines);
        var fit = new ModuleEffectsLearner().Fit(new LearnerInput(Layout.ModuleKeys, counts, 1, 0.05, 0, Rewards.Micro, 7));
        return SegmentReading.Of(Layout, id, counts, fit, [.. faded.Select(Faded)], added.Select(Key).ToHashSet());
    }

    public static SegmentCounts Counts(params (long Impressions, double Rewards)[] headlines)
    {
        var (impressions, rewards) = (headlines.Sum(each => each.Impressions), headlines.Sum(each => each.Rewards));
        var modules = headlines.Select((each, i) => Tally("headline", $"h{i + 1}", each.Impressions, each.Rewards))
            .Concat([Tally("image", "i1", impressions / 2, rewards / 2), Tally("image", "i2", impressions / 2, rewards / 2)]);
        return new SegmentCounts(1, default, [new ChannelTally("", new GroupTally(impressions, impressions, (long)(rewards * Rewards.Micro)), default, default, [.. modules])]);
    }

    /// <summary>A headline that keeps half of its rate.</summary>
    public static FatigueFinding Faded(string headline) => new(0, Key(headline), 1_777_000_000_000, new Interval(0.52, 0.44, 0.61), 0.05, 0.026, 20_000, 8_123, 4_000);

    public static ulong Key(string headline) => PublishedCampaign.ModuleKey("headline", headline, 1);

    private static ModuleTally Tally(string slot, string module, long impressions, double rewards) =>
        new(PublishedCampaign.ModuleKey(slot, module, 1), TallySource.Learned, impressions, (long)(rewards * Rewards.Micro));
}
