using Flywheel.Domain.Learning;
using static Flywheel.Signals.Tests.Counting.CountedPartition;
using static Flywheel.Signals.Tests.Counting.TestSignal;

namespace Flywheel.Signals.Tests.Counting;

/// <summary>One tenant cannot take what a partition remembers from the others; whatever is counted is counted once.</summary>
public sealed class DedupeShareTests
{
    private const int MaxIds = 1_000_000;
    private const int MaxPages = 65_536;
    private const long GraceMs = 60_000;

    /// <summary>Room for more ids, or pages, than were remembered when the owner began.</summary>
    private const int Free = 800;

    /// <summary>The most that a lone tenant takes of it: less than seven times the rest.</summary>
    private const int Lone = 700;

    [Fact]
    public void Apply_IdsOfOneTenant_LeaveRoomForAnother()
    {
        var core = CoreWith(ids: MaxIds - Free, pages: 0);

        Apply(core, [.. Enumerable.Range(0, Free).Select(i => ObservedOf("acme:spring", i))]);
        Assert.Equal(new SignalLedger(Free, Lone, 0, 0, Free - Lone), core.Ledger);
        Assert.Equal(["acme"], core.Crowded(withIds: true));
        Assert.Empty(core.Crowded(withIds: false));

        Apply(core, [.. Enumerable.Range(0, 50).Select(i => ObservedOf("other:spring", i))]);
        Apply(core, [.. Enumerable.Range(0, Free).Select(i => ObservedOf("acme:spring", i))]);

        // What acme could not have remembered is not counted now either, and the rest not twice.
        Assert.Equal(new SignalLedger(2 * Free + 50, Lone + 50, Lone, 0, 2 * (Free - Lone)), core.Ledger);
    }

    [Fact]
    public void Apply_PagesOfOneTenantsLeases_LeaveRoomForAnother()
    {
        var core = CoreWith(ids: 0, pages: MaxPages - Free);

        Apply(core, [.. Enumerable.Range(0, Free).Select(i => ImpressionOf("acme:spring", (ulong)i))]);
        Assert.Equal(new SignalLedger(Free, Lone, 0, 0, Free - Lone), core.Ledger);
        Assert.Equal(["acme"], core.Crowded(withIds: false));

        // On a page that it has, it goes on.
        Apply(core, ImpressionOf("acme:spring", 5) with { Decision = 8 }, ImpressionOf("other:spring", 9_000), ImpressionOf("spring", 9_001));
        Assert.Equal(new SignalLedger(Free + 3, Lone + 3, 0, 0, Free - Lone), core.Ledger);
    }

    [Fact]
    public void Apply_OnceTheWindowHasPassed_HasRoomAgain()
    {
        var core = CoreWith(ids: MaxIds - Free, pages: 0, expiresAtMs: long.MaxValue / 2);
        Apply(core, [.. Enumerable.Range(0, Free).Select(i => ObservedOf("acme:spring", i))]);
        core.TakeCommit(out _);
        var laterMs = WindowEndMs + 2 * GraceMs;

        Apply(core, laterMs, Impression(1, laterMs));
        core.TakeCommit(out _);

        Assert.Empty(core.Crowded(withIds: true));
        Apply(core, laterMs, [.. Enumerable.Range(0, 50).Select(i => ObservedOf("acme:spring", 5_000 + i) with { IssuedAtMs = laterMs })]);
        Assert.Equal(Lone + 51, core.Ledger.Counted);
    }

    private static TestSignal ObservedOf(string campaign, int id) => Observed(((UInt128)1 << 64) + (ulong)id + (UInt128)((ulong)campaign.Length << 32), StartMs) with { Campaign = campaign };

    /// <summary>Each issuer's first decisions are on a page of their own.</summary>
    private static TestSignal ImpressionOf(string campaign, ulong issuer) => Impression(7, StartMs) with { Campaign = campaign, Issuer = (1UL << 40) + issuer };

    private static PartitionCore CoreWith(int ids, int pages, long expiresAtMs = WindowEndMs) => new(new PartitionCheckpoint(0, 1, 0, default, [],
        [.. Enumerable.Range(0, pages).Select(issuer => KeyValuePair.Create(new PageKey((ulong)issuer, RewardRules.ImpressionKey, 0), new DedupePage(new byte[DedupePage.Bits / 8], expiresAtMs)))],
        [.. Enumerable.Range(1, ids).Select(id => new RememberedId((UInt128)id, expiresAtMs, 0, 0, 0))]));

    private static void Apply(PartitionCore core, params TestSignal[] signals) => Apply(core, StartMs, signals);

    private static void Apply(PartitionCore core, long atMs, params TestSignal[] signals)
    {
        var builder = new EntryBuilder();
        foreach (var signal in signals)
            signal.AddTo(builder, Rules, WindowSeconds);
        core.Apply(new LogEntry(core.Offset + 1, signals.Length, builder.Build(atMs)));
    }
}
