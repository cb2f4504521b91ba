using System.Buffers;
using Flywheel.Domain.Learning;

namespace Flywheel.Signals;

/// <summary>The stored form of tallies: varints in the order of their members.</summary>
internal static class LedgerCodec
{
    public static void Ledger(this ArrayBufferWriter<byte> writer, SignalLedger ledger)
    {
        writer.Varint(ledger.Accepted);
        writer.Varint(ledger.Counted);
        writer.Varint(ledger.Duplicate);
        writer.Varint(ledger.Late);
        writer.Varint(ledger.Quarantined);
    }

    public static SignalLedger Ledger(this ref RecordReader reader) =>
        new(reader.Count(), reader.Count(), reader.Count(), reader.Count(), reader.Count());

    public static void Group(this ArrayBufferWriter<byte> writer, GroupTally tally)
    {
        writer.Varint(tally.Decisions);
        writer.Varint(tally.Impressions);
        writer.Varint(tally.RewardMicros);
    }

    public static GroupTally Group(this ref RecordReader reader) => new(reader.Count(), reader.Count(), reader.Count());
}
