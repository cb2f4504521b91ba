using System.Reflection;
using BenchmarkDotNet.Attributes;

namespace Flywheel.Allocations.Tests;

/// <summary>A benchmark method and what it allocates.</summary>
internal sealed class MeasuredBenchmark(MethodInfo method)
{
    private const int Warmup = 20;
    private const int Invocations = 20;
    private const int Rounds = 5;

    public string Name => $"{method.DeclaringType!.Name}.{method.Name}";

    /// <summary>Every benchmark of the Micro project.</summary>
    public static IEnumerable<MeasuredBenchmark> All() => typeof(Benchmarks.Micro.ChoiceBenchmarks).Assembly.GetTypes()
        .SelectMany(type => type.GetMethods()).Where(method => method.IsDefined(typeof(BenchmarkAttribute))).Select(method => new MeasuredBenchmark(method));

    /// <summary>
    /// Bytes an operation, the least of several rounds: what else a process does only adds. A synchronous benchmark's own thread is
    /// read; an asynchronous one's work is on any thread, so the whole process's.
    /// </summary>
    public async Task<double> MeasureAsync()
    {
        var benchmarks = Activator.CreateInstance(method.DeclaringType!)!;
        await RunAsync<GlobalSetupAttribute>(benchmarks);
        try
        {
            // A typed delegate: a call through reflection would box what comes back.
            var measuring = (Task<double>)typeof(MeasuredBenchmark).GetMethod(IsAsync ? nameof(MeasureTasksAsync) : nameof(MeasureCallsAsync), BindingFlags.NonPublic | BindingFlags.Static)!
                .MakeGenericMethod(IsAsync ? method.ReturnType.GetGenericArguments()[0] : method.ReturnType)
                .Invoke(null, [method.CreateDelegate(typeof(Func<>).MakeGenericType(method.ReturnType), benchmarks)])!;
            return await measuring / method.GetCustomAttribute<BenchmarkAttribute>()!.OperationsPerInvoke;
        }
        finally
        {
            await RunAsync<GlobalCleanupAttribute>(benchmarks);
        }
    }

    private bool IsAsync => method.ReturnType.IsGenericType && method.ReturnType.GetGenericTypeDefinition() == typeof(Task<>);

    private static Task<double> MeasureCallsAsync<T>(Func<T> call)
    {
        for (var i = 0; i < Warmup; i++)
            call();
        var least = long.MaxValue;
        for (var round = 0; round < Rounds; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < Invocations; i++)
                call();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        return Task.FromResult((double)least / Invocations);
    }

    private static async Task<double> MeasureTasksAsync<T>(Func<Task<T>> call)
    {
        for (var i = 0; i < Warmup; i++)
            await call();
        var least = long.MaxValue;
        for (var round = 0; round < Rounds; round++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            for (var i = 0; i < Invocations; i++)
                await call();
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }
        return (double)least / Invocations;
    }

    private static async Task RunAsync<TAttribute>(object benchmarks)
        where TAttribute : Attribute
    {
        var answer = benchmarks.GetType().GetMethods().SingleOrDefault(candidate => candidate.IsDefined(typeof(TAttribute)))?.Invoke(benchmarks, []);
        if (answer is Task task)
            await task;
        else if (answer is ValueTask valueTask)
            await valueTask;
    }
}
