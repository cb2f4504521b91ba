using System.Text.Json;

namespace Flywheel.Cli.Simulate;

/// <summary>What <c>simulate</c> prints, in the shape of the public contract.</summary>
/// <param name="Mean">Over worlds, each world's over its seeds.</param>
internal sealed record SimulationReport(string Policy, IReadOnlyList<WorldReport> Worlds, MeanReport Mean, double Seconds)
{
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public static SimulationReport From(string policy, IReadOnlyList<(World World, SimulationRun[] Runs)> results, double seconds)
    {
        var worlds = results.Select(result => WorldReport.From(result.World, result.Runs)).ToList();
        return new SimulationReport(policy, worlds, MeanReport.Of(worlds.Select(world => world.Mean)), seconds);
    }
}
