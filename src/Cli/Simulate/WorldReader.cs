using System.Collections.Immutable;
using System.Text.Json;
using Flywheel.Domain.Campaigns;

namespace Flywheel.Cli.Simulate;

/// <summary>Reads a file of one world or an array of worlds, and says where it is wrong.</summary>
internal static class WorldReader
{
    private const int MaxCombinations = 100_000;
    private const int MaxImpressions = 100_000_000;

    /// <exception cref="InvalidDataException">The file is no description of worlds; the message says where and why.</exception>
    public static ImmutableArray<World> Read(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            return document.RootElement.ValueKind == JsonValueKind.Array
                ? [.. document.RootElement.EnumerateArray().Select((world, i) => ReadWorld(world, $"[{i}]"))]
                : [ReadWorld(document.RootElement, "")];
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"malformed JSON: {e.Message}", e);
        }
    }

    private static World ReadWorld(JsonElement element, string field)
    {
        Require(element.ValueKind == JsonValueKind.Object, field, "no object", "a world");
        var slots = Items(element, field, "slots").Select((slot, i) => ReadSlot(slot, $"{field}.slots[{i}]")).ToImmutableArray();
        Require(slots.Length is >= 1 and <= Limits.SlotsPerCampaign, $"{field}.slots", $"{slots.Length} slots", $"1 to {Limits.SlotsPerCampaign}");
        var index = IndexCombinations(slots, field);
        var world = new World(
            element.TryGetProperty("name", out var name) ? name.ToString() : "world",
            (int)Number(element, field, "impressions", 1, MaxImpressions),
            Number(element, field, "impressionsPerSecond", 1e-6, 1e9, 200),
            Number(element, field, "control", 0, 1, 0),
            Number(element, field, "rewardDelaySeconds", 0, 1e9, 0),
            slots,
            [.. Items(element, field, "segments").Select((segment, i) => ReadSegment(segment, $"{field}.segments[{i}]", index))]);
        Require(world.Segments.Length > 0, $"{field}.segments", "none", "at least one");
        Require(Math.Abs(world.Segments.Sum(segment => segment.Share) - 1) < 1e-6, $"{field}.segments", $"shares that sum to {world.Segments.Sum(segment => segment.Share)}", "1");
        return world;
    }

    private static WorldSlot ReadSlot(JsonElement element, string field)
    {
        Require(element.ValueKind == JsonValueKind.Object && element.TryGetProperty("id", out _), field, "no id", "{\"id\":…,\"modules\":[…]}");
        var modules = Items(element, field, "modules").Select(module => module.ToString()).ToImmutableArray();
        Require(modules.Length is >= 1 and <= Limits.ModulesPerSlot, $"{field}.modules", $"{modules.Length} modules", $"1 to {Limits.ModulesPerSlot}");
        Require(modules.Distinct().Count() == modules.Length, $"{field}.modules", "an id twice", "each once");
        return new WorldSlot(element.GetProperty("id").ToString(), modules);
    }

    private static Dictionary<string, int> IndexCombinations(ImmutableArray<WorldSlot> slots, string field)
    {
        var count = slots.Aggregate(1L, (product, slot) => product * slot.Modules.Length);
        Require(count <= MaxCombinations, $"{field}.slots", $"{count} combinations", $"at most {MaxCombinations}");
        IEnumerable<string> names = slots[0].Modules;
        foreach (var slot in slots.Skip(1))
            names = names.SelectMany(name => slot.Modules.Select(module => $"{name}|{module}")).ToList();
        return names.Select((combination, i) => (combination, i)).ToDictionary(pair => pair.combination, pair => pair.i, StringComparer.Ordinal);
    }

    private static WorldSegment ReadSegment(JsonElement element, string field, Dictionary<string, int> index)
    {
        Require(element.ValueKind == JsonValueKind.Object && element.TryGetProperty("id", out _), field, "no id", "{\"id\":…,\"share\":…,\"phases\":[…]}");
        var phases = Items(element, field, "phases").Select((phase, i) => ReadPhase(phase, $"{field}.phases[{i}]", index)).ToImmutableArray();
        Require(phases.Length > 0 && phases[0].From == 0, $"{field}.phases", "no phase from 0", "a first phase with \"from\":0");
        Require(phases.Zip(phases.Skip(1)).All(pair => pair.First.From < pair.Second.From), $"{field}.phases", "phases out of order", "rising \"from\"");
        return new WorldSegment(element.GetProperty("id").ToString(), Number(element, field, "share", 0, 1, 1), phases);
    }

    private static WorldPhase ReadPhase(JsonElement element, string field, Dictionary<string, int> index)
    {
        Require(element.ValueKind == JsonValueKind.Object, field, "no object", "{\"from\":0,\"rates\":{…}}");
        var rates = new double[index.Count];
        Array.Fill(rates, double.NaN);
        Require(element.TryGetProperty("rates", out var given) && given.ValueKind == JsonValueKind.Object, $"{field}.rates", "no object", "a rate for each combination");
        foreach (var rate in given.EnumerateObject())
        {
            Require(index.TryGetValue(rate.Name, out var combination), $"{field}.rates", $"\"{rate.Name}\"", "module ids joined by | in slot order");
            Require(rate.Value.TryGetDouble(out var value) && value is >= 0 and <= 1, $"{field}.rates.{rate.Name}", rate.Value.ToString(), "a probability");
            rates[combination] = value;
        }
        foreach (var (combination, i) in index)
            Require(!double.IsNaN(rates[i]), $"{field}.rates", $"nothing for {combination}", "a rate for each combination");
        return new WorldPhase((int)Number(element, field, "from", 0, MaxImpressions, 0), rates, rates.Average(), rates.Max());
    }

    private static JsonElement.ArrayEnumerator Items(JsonElement parent, string field, string name)
    {
        Require(parent.TryGetProperty(name, out var array) && array.ValueKind == JsonValueKind.Array, $"{field}.{name}", "no array", "an array");
        return array.EnumerateArray();
    }

    private static double Number(JsonElement parent, string field, string name, double least, double most, double? without = null)
    {
        if (!parent.TryGetProperty(name, out var element) && without is { } value)
            return value;
        Require(element.ValueKind == JsonValueKind.Number && element.TryGetDouble(out value) && value >= least && value <= most,
            $"{field}.{name}", element.ValueKind == JsonValueKind.Undefined ? "nothing" : element.ToString(), $"a number from {least} to {most}");
        return element.GetDouble();
    }

    private static void Require(bool holds, string field, string came, string expected)
    {
        if (!holds)
            throw new InvalidDataException($"{field.TrimStart('.')}: came {came}; expected {expected}");
    }
}
