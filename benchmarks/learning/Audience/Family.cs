using System.Collections.Immutable;
using System.Text.Json;
using Flywheel.Cli.Simulate;

namespace Flywheel.Benchmarks.Learning.Audience;

/// <summary>Worlds of one kind and the headroom to capture in them.</summary>
/// <param name="TargetPercent">Null where none is set.</param>
internal sealed record Family(string Name, double? TargetPercent, ImmutableArray<World> Worlds)
{
    /// <summary>The families that <c>families.json</c> of a folder lists, each with its worlds in <c>NAME.json</c>.</summary>
    /// <exception cref="InvalidDataException">A file is malformed, or a world has nothing to gain; the message says where.</exception>
    public static ImmutableArray<Family> ReadAll(string folder)
    {
        using var list = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "families.json")));
        return [.. list.RootElement.EnumerateArray().Select(entry => Read(folder, entry))];
    }

    private static Family Read(string folder, JsonElement entry)
    {
        var name = entry.GetProperty("name").GetString()!;
        var worlds = WorldReader.Read(Path.Combine(folder, $"{name}.json"));
        foreach (var world in worlds)
        {
            if (world.Segments.All(segment => segment.Phases.All(phase => phase.Best <= phase.Mean)))
                throw new InvalidDataException($"{name}.json: {world.Name}: all combinations alike; expected something to gain");
        }
        return new Family(name, entry.TryGetProperty("target", out var target) ? target.GetDouble() : null, worlds);
    }
}
