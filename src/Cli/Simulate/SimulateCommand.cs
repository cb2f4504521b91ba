using System.Collections.Immutable;
using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Flywheel.Cli.Terminals;
using Flywheel.Domain.Learning;
using Spectre.Console;

namespace Flywheel.Cli.Simulate;

/// <summary><c>flywheel simulate WORLD.json</c>: the engine's own learner against described worlds, without a server.</summary>
internal static class SimulateCommand
{
    private const int MaxSeeds = 10_000;

    public static Command Create()
    {
        var file = new Argument<FileInfo>("world") { Description = "A file with one world or an array of worlds." };
        var seeds = new Option<int>("--seeds") { Description = $"Runs a world, 1 to {MaxSeeds}.", DefaultValueFactory = _ => 20 };
        var policy = new Option<string>("--policy") { Description = "learned or uniform.", DefaultValueFactory = _ => "learned" };
        policy.AcceptOnlyFromAmong("learned", "uniform");
        var command = new Command("simulate", "Run the engine's learner against a described world.") { file, seeds, policy };
        Verb.Run(command, (parsed, cancellationToken) => RunAsync(parsed.GetRequiredValue(file), parsed.GetValue(seeds), parsed.GetValue(policy)!, Output.IsJson(parsed), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(FileInfo file, int seeds, string policy, bool asJson, CancellationToken cancellationToken)
    {
        Bounds.Check("--seeds", seeds, 1, MaxSeeds);
        var worlds = await Verb.AtOnceAsync(() => Read(file), cancellationToken);
        var started = Stopwatch.GetTimestamp();
        var results = await RunWithProgressAsync(worlds, seeds, policy, cancellationToken);
        var report = SimulationReport.From(policy, results, Stopwatch.GetElapsedTime(started).TotalSeconds);
        if (asJson)
            Output.Write(report, SimulationReport.Json);
        else
            Print(report);
        return ExitCodes.Done;
    }

    private static ImmutableArray<World> Read(FileInfo file)
    {
        try
        {
            return WorldReader.Read(file.FullName);
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"{file}: {e.Message}", e);
        }
    }

    /// <summary>Runs every world with every seed, as many at a time as there are cores.</summary>
    private static IReadOnlyList<(World World, SimulationRun[] Runs)> RunAll(IReadOnlyList<World> worlds, int seeds, string policy, Action<int> done, CancellationToken cancellationToken)
    {
        var learner = policy == "learned" ? new ModuleEffectsLearner() : null;
        var runs = worlds.Select(_ => new SimulationRun[seeds]).ToArray();
        Parallel.For(0, worlds.Count * seeds, new ParallelOptions { CancellationToken = cancellationToken }, job =>
        {
            var (world, seed) = (job / seeds, job % seeds);
            runs[world][seed] = new SimulationRun(worlds[world], learner, seed + 1).Run();
            done(world);
        });
        return [.. worlds.Zip(runs)];
    }

    private static Task<IReadOnlyList<(World World, SimulationRun[] Runs)>> RunWithProgressAsync(IReadOnlyList<World> worlds, int seeds, string policy, CancellationToken cancellationToken)
    {
        var done = 0;
        return Bar.RunAsync($"{Words.Count(worlds.Count, "world")} × {Words.Count(seeds, "seed")}", worlds.Count * seeds, report =>
            Verb.AtOnceAsync(() => RunAll(worlds, seeds, policy, _ => report(Interlocked.Increment(ref done), null), cancellationToken), cancellationToken));
    }

    private static void Print(SimulationReport report)
    {
        var table = new Table().AddColumns("World", "Headroom captured", "Final rate ÷ best", "Reward");
        foreach (var world in report.Worlds)
        {
            table.AddRow(
                Terminal.Escape(world.World), Percent(world.Mean.HeadroomCaptured), Percent(world.Mean.FinalRateOverBest),
                world.Seeds.Average(seed => seed.Reward).ToString("N0", CultureInfo.InvariantCulture));
        }
        table.AddRow("[bold]mean[/]", $"[bold]{Percent(report.Mean.HeadroomCaptured)}[/]", $"[bold]{Percent(report.Mean.FinalRateOverBest)}[/]", "");
        Terminal.Out.Write(table);
        Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{report.Policy} policy, {report.Seconds:F1} s"));
    }

    private static string Percent(double? share) => share?.ToString("P1", CultureInfo.InvariantCulture) ?? "nothing to gain";
}
