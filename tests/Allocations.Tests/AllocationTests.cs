using System.Globalization;

namespace Flywheel.Allocations.Tests;

/// <summary>What the hot paths allocate is checked in, because allocations are stable where times are not.</summary>
public sealed class AllocationTests
{
    public static TheoryData<string> Names => [.. MeasuredBenchmark.All().Select(benchmark => benchmark.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Benchmark_OnceWarm_AllocatesNoMoreThanExpected(string name)
    {
        var came = await MeasuredBenchmark.All().Single(benchmark => benchmark.Name == name).MeasureAsync();

        var entry = $"\"{name}\": {Math.Ceiling(came * 10) / 10:0.#}";
        TestContext.Current.TestOutputHelper?.WriteLine(entry);
        Assert.True(ExpectedAllocations.Load().TryGetValue(name, out var expected), $"{name} has no figure in {ExpectedAllocations.File}; if what came is right, add {entry}");
        Assert.True(ExpectedAllocations.Allows(expected, came), string.Create(CultureInfo.InvariantCulture,
            $"{name} allocates {came:0.#} bytes an operation; expected {expected:0.#} (0 is exact, anything else may be 5 % more). If the change is worth it, write {entry} into {ExpectedAllocations.File}"));
    }

    [Fact]
    public void Figures_CheckedIn_AreOfBenchmarksThatExist() =>
        Assert.Subset(MeasuredBenchmark.All().Select(benchmark => benchmark.Name).ToHashSet(), ExpectedAllocations.Load().Keys.ToHashSet());

    [Theory]
    [InlineData(0, 0.05, false)]
    [InlineData(0, 0, true)]
    [InlineData(100, 105, true)]
    [InlineData(100, 105.1, false)]
    [InlineData(100, 10, true)]
    public void Rule_AtItsEdges_IsAsStated(double expected, double came, bool allowed) => Assert.Equal(allowed, ExpectedAllocations.Allows(expected, came));
}
