using Flywheel.Domain.Learning;
using Flywheel.Signals;
using Flywheel.Signals.Tests.Counting;

namespace Flywheel.Fuzz.Tests;

/// <summary>What has to hold of a partition whatever stands in its log: it goes on, its ledgers balance, and what it commits opens again.</summary>
internal static class PartitionCheck
{
    private static readonly byte[][] Good = [.. Samples.Entries()];

    /// <summary>Reads a damaged entry between two good ones.</summary>
    public static void Entry(byte[] body)
    {
        var store = new MemoryStore();
        var core = new PartitionCore(store.Open());
        var signals = 0L;
        byte[][] bodies = [Good[0], body, Good[1]];
        for (var at = 0; at < bodies.Length; at++)
        {
            core.Apply(new LogEntry(at + 1, Samples.SignalsPerEntry, bodies[at]));
            signals += Samples.SignalsPerEntry;
            AssertSound(core.Ledger);
            Assert.True(core.Ledger.Accepted >= signals, $"Expected {signals} signals in the ledger, came {core.Ledger}");
            var commit = core.TakeCommit(out var changes)!;
            Assert.All(changes, change => AssertSound(change.Value.Ledger));
            Assert.InRange(commit.Quarantined.Count, 0, PartitionCore.MaxQuarantined);
            Assert.True(store.Commit(commit));
        }
        var again = new PartitionCore(store.Open());
        Assert.Equal((core.Ledger, core.Offset), (again.Ledger, again.Offset));
        Assert.Equal(core.Segments.ToHashSet(), again.Segments.ToHashSet());
    }

    /// <summary>Reads a stored form (the first byte says which: summary, segment or sample): it opens, or says that it is damaged.</summary>
    public static void Checkpoint(byte[] input)
    {
        if (input.Length == 0)
            return;
        var stored = input[1..];
        var id = input[0] switch { 0 => default(SegmentId?), 1 => new SegmentId("spring", 3, "default"), _ => Samples.SampleId };
        try
        {
            _ = new PartitionCore(new PartitionCheckpoint(0, 1, 1, id is null ? stored : ReadOnlyMemory<byte>.Empty, id is null ? [] : [new(id.Value, stored)], [], []));
        }
        catch (InvalidDataException)
        {
            // As documented.
        }
    }

    private static void AssertSound(SignalLedger ledger) => Assert.True(
        ledger.Balances && ledger is { Accepted: >= 0, Counted: >= 0, Duplicate: >= 0, Late: >= 0, Quarantined: >= 0 }, $"Expected a ledger that balances, came {ledger}");
}
