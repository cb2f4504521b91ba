using System.Globalization;
using System.Text.Json.Nodes;
using Flywheel.Client;

namespace Flywheel.Faults.Load;

/// <summary>The campaigns of the load: their ids, and what a decision of theirs earns.</summary>
internal sealed class Workload
{
    public const double ClickWeight = 1;
    public const double ConversionWeight = 5;

    /// <summary>The most that a decision earns; a click and two conversions are cut off by it.</summary>
    public const double Cap = 8;

    /// <summary>How long a decision of the late campaign may have signals.</summary>
    public static readonly TimeSpan LateWindow = TimeSpan.FromSeconds(1);

    public static readonly IReadOnlyList<string> Segments = ["default", "young", "loyal", "nearby"];

    private const int Many = 4;
    private const int Headlines = 3;
    private const int Images = 2;

    /// <param name="name">Begins the ids of the campaigns.</param>
    public Workload(string name)
    {
        Campaigns = [.. Enumerable.Range(1, Many).Select(i => string.Create(CultureInfo.InvariantCulture, $"{name}-{i}"))];
        Late = $"{name}-late";
        Flooded = $"{name}-flooded";
    }

    /// <summary>Where signals come in time.</summary>
    public IReadOnlyList<string> Campaigns { get; }

    /// <summary>The campaign all whose signals come after its window.</summary>
    public string Late { get; }

    /// <summary>The campaign of which one decision gets more signals than can be told apart.</summary>
    public string Flooded { get; }

    public IEnumerable<string> All => [.. Campaigns, Late, Flooded];

    /// <summary>The document of a campaign.</summary>
    public Campaign Document(string campaign) => new()
    {
        Name = campaign,
        Slots =
        [
            new Slot("headline", [.. Enumerable.Range(1, Headlines).Select(i => Module.Text($"h{i}", $"Headline {i}"))]),
            new Slot("image", [.. Enumerable.Range(1, Images).Select(i => Module.Text($"i{i}", $"Image {i}"))]),
        ],
        Segments = [.. Segments.Skip(1).Select(segment => new Segment(segment, new JsonObject { ["group"] = segment }))],
        Rewards = new Dictionary<string, Reward> { ["click"] = ClickWeight, ["conversion"] = ConversionWeight, ["cap"] = Cap },
        Policy = new Policy { AttributionWindow = campaign == Late ? LateWindow : TimeSpan.FromDays(1) },
    };
}
