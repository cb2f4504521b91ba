using System.Diagnostics;
using Flywheel.Decisions;
using Flywheel.Signals;

namespace Flywheel.Benchmarks.Stores;

/// <summary>
/// What a silo does with signals once they are parsed: requests of 1,000 signals over 5 segments on 4 connections, grouped into
/// appends, and an owner for each partition that reads, counts and commits at most every 50 ms. Timed until the last is counted.
/// </summary>
internal static class CountingLoad
{
    public const int Partitions = 16;

    private const int SignalsARequest = 1_000;
    private const int Segments = 5;
    private const int Connections = 4;
    private const int EntriesARead = 256;

    private static readonly TimeSpan CommitEvery = TimeSpan.FromMilliseconds(50);
    private static readonly RewardRules Rules = new(1_000_000, [(RewardRules.TypeKey("click"), 1_000_000)]);

    /// <summary>Impressions of as many decisions, and clicks of every tenth.</summary>
    public static List<PartitionEntry[]> Build(int signals)
    {
        SegmentId[] segments = [.. Enumerable.Range(0, Segments).Select(segment => new SegmentId("bench", 1, $"s{segment}"))];
        var (requests, decision) = (new List<PartitionEntry[]>(), 0UL);
        for (var built = 0; built < signals; built += SignalsARequest)
        {
            var builders = segments.Select(_ => new EntryBuilder()).ToArray();
            for (var i = 0; i < SignalsARequest; i++)
                Add(builders[i % Segments], segments[i % Segments], i % 11 == 10 ? decision - 1 : decision++, i % 11 == 10 ? "click" : "impression");
            requests.Add([.. builders.Select((builder, i) => new PartitionEntry(segments[i].PartitionOf(Partitions), builder.Signals, builder.Build(2_000_000)))]);
        }
        return requests;
    }

    /// <summary>Signals counted a second.</summary>
    public static async Task<double> RunAsync(ISignalStore store, List<PartitionEntry[]> requests)
    {
        var total = requests.Sum(request => request.Sum(entry => (long)entry.Signals));
        var nudges = Enumerable.Range(0, Partitions).Select(_ => new SemaphoreSlim(0)).ToArray();
        using var stop = new CancellationTokenSource();
        var counted = 0L;
        var isDone = new TaskCompletionSource();
        var owners = Enumerable.Range(0, Partitions).Select(partition => OwnAsync(store, partition, nudges[partition], signals =>
        {
            if (Interlocked.Add(ref counted, signals) == total)
                isDone.SetResult();
        }, stop.Token)).ToList();
        var started = Stopwatch.GetTimestamp();
        await using (var appender = new SignalAppender(store, 1, partitions => Nudge(nudges, partitions), (_, _) => { }, TimeProvider.System))
        {
            await Parallel.ForEachAsync(requests, new ParallelOptions { MaxDegreeOfParallelism = Connections }, async (request, _) =>
            {
                if (await appender.AppendAsync(request) is var outcome and not AppendOutcome.Durable)
                    throw new InvalidOperationException($"An append ended as {outcome}.");
            });
        }
        await isDone.Task;
        var rate = total / Stopwatch.GetElapsedTime(started).TotalSeconds;
        await stop.CancelAsync();
        await Task.WhenAll(owners);
        return rate;
    }

    private static void Nudge(SemaphoreSlim[] nudges, IReadOnlySet<int> partitions)
    {
        foreach (var partition in partitions)
            nudges[partition].Release();
    }

    private static async Task OwnAsync(ISignalStore store, int partition, SemaphoreSlim nudge, Action<long> counted, CancellationToken stop)
    {
        var core = new PartitionCore(await store.OpenAsync(partition, CancellationToken.None));
        try
        {
            while (true)
            {
                await nudge.WaitAsync(stop);
                while (await nudge.WaitAsync(TimeSpan.Zero, stop))
                {
                    // Nudges that came together are one.
                }
                var started = Stopwatch.GetTimestamp();
                var entries = await store.ReadAsync(partition, core.Offset, EntriesARead, CancellationToken.None);
                foreach (var entry in entries)
                    core.Apply(entry);
                if (entries.Count == EntriesARead)
                    nudge.Release();
                if (core.TakeCommit(out _) is not { } commit)
                    continue;
                if (!await store.CommitAsync(commit, CancellationToken.None))
                    throw new InvalidOperationException("A commit was refused.");
                counted(commit.Signals);
                if (entries.Count < EntriesARead && CommitEvery - Stopwatch.GetElapsedTime(started) is { Ticks: > 0 } wait)
                    await Task.Delay(wait, stop);
            }
        }
        catch (OperationCanceledException)
        {
            // The run is over.
        }
    }

    private static void Add(EntryBuilder builder, SegmentId segment, ulong decision, string type) => builder.Add(segment, Rules, new DecisionSignal
    {
        Issuer = 1,
        Counter = decision,
        IssuedAtMs = 1_000_000,
        WindowSeconds = 3_600,
        Group = Group.Learned,
        Propensity = 0.25,
        Type = RewardRules.TypeKey(type),
        ModuleKeys = new byte[24],
    });
}
