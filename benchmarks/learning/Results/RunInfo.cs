namespace Flywheel.Benchmarks.Learning.Results;

/// <summary>What it takes to run it again, and what it cost.</summary>
/// <param name="Machine">Cores and processor.</param>
internal sealed record RunInfo(string Command, int Seeds, string Machine, double Seconds);
