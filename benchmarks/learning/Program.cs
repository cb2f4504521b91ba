using System.Diagnostics;
using System.Globalization;
using Flywheel.Benchmarks.Learning;
using Flywheel.Benchmarks.Learning.Audience;
using Flywheel.Benchmarks.Learning.Results;
using Flywheel.Benchmarks.Learning.Rivals;

// learning WORLDS OUTPUT SEEDS
// WORLDS holds families.json and the families it names; table.md and families.svg go to OUTPUT.
const int MaxSeeds = 10_000;
if (args.Length != 3 || !int.TryParse(args[2], CultureInfo.InvariantCulture, out var seeds) || seeds is < 1 or > MaxSeeds)
{
    Console.Error.WriteLine($"usage: learning WORLDS OUTPUT SEEDS (1 to {MaxSeeds})");
    return 2;
}
var started = Stopwatch.GetTimestamp();
var results = new List<FamilyResult>();
foreach (var family in Family.ReadAll(args[0]))
{
    results.Add(Benchmark.Run(family, seeds));
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{family.Name}: learner {results[^1].Learner.Headroom.Mean:F1}, {results[^1].BestRival.Name} {results[^1].BestRival.Headroom.Mean:F1} ({Stopwatch.GetElapsedTime(started).TotalSeconds:F0} s)"));
}
var rivals = RivalKind.All.Select(kind => kind.Name).Where(name => results.Exists(result => result.Rivals.Any(rival => rival.Name == name))).ToList();
var run = new RunInfo($"benchmarks/learning/run.sh --seeds {seeds}", seeds, Machine(), Stopwatch.GetElapsedTime(started).TotalSeconds);
Directory.CreateDirectory(args[1]);
File.WriteAllText(Path.Combine(args[1], "table.md"), TableWriter.Write(run, rivals, results));
File.WriteAllText(Path.Combine(args[1], "families.svg"), FamilyChart.Write(seeds, rivals, results));
return 0;

static string Machine()
{
    const string CpuInfo = "/proc/cpuinfo";
    var model = File.Exists(CpuInfo) ? File.ReadLines(CpuInfo).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal)) : null;
    return $"{Environment.ProcessorCount} cores ({model?.Split(':', 2)[1].Trim() ?? "unknown processor"})";
}
