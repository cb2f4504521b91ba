using System.Text.Json.Nodes;
using Flywheel.Client;

namespace Flywheel.Cli.Load;

/// <summary>How large a campaign is.</summary>
/// <param name="Slots">1 to 8.</param>
/// <param name="Modules">Of each slot, 1 to 32.</param>
/// <param name="Segments">1 to 1,001, the default among them. The others are told by the context's <c>audience</c>: <c>a1</c>, <c>a2</c>, …</param>
internal sealed record CampaignShape(int Slots, int Modules, int Segments)
{
    public static readonly CampaignShape Usual = new(3, 4, 5);

    public IEnumerable<string> SegmentIds => Enumerable.Range(1, Segments - 1).Select(segment => $"s{segment}").Append("default");

    public Campaign ToCampaign(string id) => new()
    {
        Name = $"Benchmark {id}",
        Slots = [.. Enumerable.Range(0, Slots).Select(slot => new Slot($"slot{slot}", [.. Enumerable.Range(0, Modules).Select(module => Module.Text($"m{module}", $"Text number {module} of slot {slot}"))]))],
        Segments = [.. Enumerable.Range(1, Segments - 1).Select(segment => new Segment($"s{segment}", new JsonObject { ["audience"] = new JsonArray($"a{segment}") }))],
    };
}
