using System.Buffers;
using System.Text;
using Flywheel.Decisions;
using Flywheel.Domain.Campaigns;
using Flywheel.Domain.Learning;
using Flywheel.Domain.Learning.Checkpoints;
using Flywheel.Domain.Learning.Evidence;

namespace Flywheel.Signals;

/// <summary>The counts of a segment while they change.</summary>
/// <remarks>
/// Stored form: format (1), version, the five figures of the ledger, then each channel: name, totals of the three sources,
/// modules (key, source, impressions, reward in millionths, last heard of); then how decisions
/// fell into the control group, and the evidence. Format 1 had neither: what
/// it counted becomes evidence without a time. Where something was rolled back, what is left out follows at the end, which earlier
/// versions pass over.
/// </remarks>
internal sealed class SegmentState
{
    private const byte Format = 2;
    private const byte FormatWithoutEvidence = 1;
    private const string OtherChannel = "other";

    private readonly Dictionary<string, ChannelState> _channels = new(StringComparer.Ordinal);

    private EvidenceTable _evidence = new();

    public long Version { get; private set; }
    public SignalLedger Ledger { get; set; }

    /// <summary>Its tenant's share of the partition's memory for duplicates; found when the segment is first counted.</summary>
    public DedupeShare? Share { get; set; }
    public Assignment Assignment { get; set; }

    public ChannelState Channel(ReadOnlySpan<byte> name)
    {
        Span<char> chars = stackalloc char[name.Length];
        chars = chars[..Encoding.ASCII.GetChars(name, chars)];
        var lookup = _channels.GetAlternateLookup<ReadOnlySpan<char>>();
        if (lookup.TryGetValue(chars, out var channel))
            return channel;
        var key = _channels.Count > Limits.ChannelsPerCampaign ? OtherChannel : chars.ToString();
        if (!_channels.TryGetValue(key, out channel))
            _channels[key] = channel = new ChannelState();
        return channel;
    }

    /// <summary>Adds what one signal of a randomised decision says; see <see cref="EvidenceTable.Add"/>.</summary>
    public void AddEvidence(ReadOnlySpan<ulong> modules, long impressions, long rewardMicros, long decidedAtMs, long acceptedAtMs) =>
        _evidence.Add(modules, impressions, rewardMicros, decidedAtMs, acceptedAtMs);

    /// <summary>What the policy is fitted to.</summary>
    public SegmentEvidence Evidence => _evidence.ToEvidence();

    /// <summary>What was counted and is not learnt from.</summary>
    public LeftOut LeftOut { get; private set; } = LeftOut.Nothing;

    /// <summary>All that was counted of randomised decisions.</summary>
    public GroupTally Randomised => _channels.Values.Aggregate(default(GroupTally), (sum, channel) => sum + channel.Randomised);

    /// <summary>One more signal that is counted and not learnt from.</summary>
    public void LeaveOut(long impressions, long rewardMicros) => LeftOut = LeftOut.With(impressions, rewardMicros);

    /// <summary>Goes back to a checkpoint in what the policy is fitted to, and in nothing else.</summary>
    public void RollBack(PolicyCheckpoint to, SegmentEvidence evidence, long atMs) =>
        (_evidence, LeftOut) = (new EvidenceTable(evidence), LeftOut.RollBack(to, Randomised, atMs));

    /// <summary>Called once before each commit that the segment is part of.</summary>
    public void Advance() => Version++;

    public SegmentCounts ToCounts() => WithoutEvidence() with { Evidence = Evidence, Assignment = Assignment, LeftOut = LeftOut.Rollbacks > 0 ? LeftOut : null };

    public byte[] ToBytes()
    {
        var writer = new ArrayBufferWriter<byte>(512);
        writer.Byte(Format);
        writer.Varint(Version);
        writer.Ledger(Ledger);
        writer.Varint((ulong)_channels.Count);
        foreach (var (name, channel) in _channels.OrderBy(channel => channel.Key, StringComparer.Ordinal))
        {
            writer.Text(name);
            channel.WriteTo(writer);
        }
        writer.Varint(Assignment.Decisions);
        writer.Varint(Assignment.Control);
        writer.Varint(Assignment.ExpectedControlMicros);
        writer.Evidence(Evidence);
        if (LeftOut.Rollbacks > 0)
            writer.LeftOut(LeftOut);
        return writer.WrittenSpan.ToArray();
    }

    public static SegmentState FromBytes(SegmentId id, ReadOnlySpan<byte> bytes)
    {
        var reader = new RecordReader(bytes);
        var format = reader.Byte();
        if (format is not (Format or FormatWithoutEvidence))
            throw new InvalidDataException($"The stored counts of {id} are of a format that this version does not know.");
        var state = new SegmentState { Version = reader.Count(), Ledger = reader.Ledger() };
        for (var left = reader.Varint(); left > 0 && !reader.Failed; left--)
            state._channels[reader.Text()] = ChannelState.ReadFrom(ref reader);
        if (format == Format)
            state.Assignment = new Assignment(reader.Count(), reader.Count(), reader.Count());
        var evidence = format == Format ? reader.Evidence() : SegmentEvidence.From(state.WithoutEvidence());
        if (!reader.Failed && !reader.AtEnd && format == Format)
            state.LeftOut = reader.LeftOut();
        if (reader.Failed || !evidence.IsSound())
            throw new InvalidDataException($"The stored counts of {id} are damaged.");
        state._evidence = new EvidenceTable(evidence);
        return state;
    }

    private SegmentCounts WithoutEvidence() =>
        new(Version, Ledger, [.. _channels.OrderBy(channel => channel.Key, StringComparer.Ordinal).Select(channel => channel.Value.ToTally(channel.Key))]);
}
