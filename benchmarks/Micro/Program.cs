using BenchmarkDotNet.Running;
using Flywheel.Benchmarks.Micro;

BenchmarkSwitcher.FromAssembly(typeof(ChoiceBenchmarks).Assembly).Run(args);
