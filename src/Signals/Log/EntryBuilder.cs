using System.Buffers;
using Flywheel.Decisions;

namespace Flywheel.Signals;

/// <summary>
/// Builds an entry of the log for one partition: the segments it speaks of with their reward rules, then the records.
/// </summary>
/// <remarks>
/// Body: format (1), accepted at (varint ms), number of segments, each with campaign, incarnation, segment, cap, types
/// (key and weight); then the records, each with its length in front, so that one that cannot be read never hides the next.
/// </remarks>
public sealed class EntryBuilder
{
    /// <summary>Records an entry holds at the most.</summary>
    public const int MaxSignals = 500;

    internal const byte Format = 1;

    private static readonly RewardRules NoRules = new(0, []);

    private readonly ArrayBufferWriter<byte> _segments = new(128);
    private readonly ArrayBufferWriter<byte> _records = new(256);
    private readonly ArrayBufferWriter<byte> _record = new(128);
    private readonly Dictionary<(SegmentId Segment, RewardRules Rules), int> _known = [];
    private (SegmentId Segment, RewardRules Rules, int Index) _last;
    private int _count;

    /// <summary>Signals added so far.</summary>
    public int Signals { get; private set; }

    public bool IsFull => _count >= MaxSignals;

    public void Add(SegmentId segment, RewardRules rules, in DecisionSignal signal)
    {
        var kind = signal.Origin == SignalOrigin.Beacon ? RecordKind.Beacon
            : signal.Origin == SignalOrigin.ExcessBeacon ? RecordKind.ExcessBeacon
            : signal.ValueRewardMicros > 0 ? RecordKind.DecisionSignalWithValue
            : signal.Propensity > 0 ? RecordKind.DecisionSignalWithPropensity
            : RecordKind.DecisionSignal;
        Begin(kind, IndexOf(segment, rules));
        _record.Fixed64(signal.Issuer);
        _record.Varint(signal.Counter);
        _record.Varint(signal.IssuedAtMs);
        _record.Varint(signal.WindowSeconds);
        _record.Byte((byte)signal.Group);
        _record.Fixed64(signal.Type);
        _record.Byte(signal.Id == 0 ? (byte)0 : (byte)1);
        if (signal.Id != 0)
            _record.Fixed128(signal.Id);
        _record.Bytes(signal.Channel);
        if (kind != RecordKind.DecisionSignal)
            _record.Fixed64(BitConverter.DoubleToUInt64Bits(signal.Propensity));
        if (kind == RecordKind.DecisionSignalWithValue)
            _record.Varint(signal.ValueRewardMicros);
        _record.Write(signal.ModuleKeys);
        End(signals: 1);
    }

    public void Add(SegmentId segment, RewardRules rules, in ObservedSignal signal)
    {
        var hasValue = signal.ValueRewardMicros > 0;
        Begin(hasValue ? RecordKind.ObservedSignalWithValue : RecordKind.ObservedSignal, IndexOf(segment, rules));
        _record.Varint(signal.AtMs);
        _record.Varint(signal.WindowSeconds);
        _record.Fixed64(signal.Type);
        _record.Fixed128(signal.Id);
        _record.Varint(signal.Count);
        _record.Bytes(signal.Channel);
        if (hasValue)
            _record.Varint(signal.ValueRewardMicros);
        _record.Write(signal.ModuleKeys);
        End(signals: 1);
    }

    /// <summary>Adds to the number of decisions served in a segment and channel.</summary>
    /// <param name="assignment">How they fell into the control group; at the end of the record, and left out where it says nothing.</param>
    public void AddServed(SegmentId segment, RewardRules rules, ReadOnlySpan<byte> channel, long learned, long control, Assignment assignment = default)
    {
        Begin(RecordKind.DecisionsServed, IndexOf(segment, rules));
        _record.Bytes(channel);
        _record.Varint(learned);
        _record.Varint(control);
        if (assignment != default)
        {
            _record.Varint(assignment.Decisions);
            _record.Varint(assignment.Control);
            _record.Varint(assignment.ExpectedControlMicros);
        }
        End(signals: 0);
    }

    /// <summary>Adds to the number of decisions served in a segment and channel by who decides under a lease; a report that comes again counts once.</summary>
    public void AddServed(SegmentId segment, RewardRules rules, in ServedReport report)
    {
        Begin(RecordKind.LeasedDecisionsServed, IndexOf(segment, rules));
        _record.Fixed64(report.Issuer);
        _record.Varint(report.Number);
        _record.Varint(report.ExpiresAtMs);
        _record.Bytes(report.Channel);
        _record.Varint(report.Learned);
        _record.Varint(report.Control);
        _record.Varint(report.Assignment.Decisions);
        _record.Varint(report.Assignment.Control);
        _record.Varint(report.Assignment.ExpectedControlMicros);
        End(signals: 0);
    }

    /// <summary>Drops everything counted for this life of a campaign and all earlier ones.</summary>
    public void AddForget(string campaign, ulong incarnation)
    {
        Begin(RecordKind.ForgetCampaign, IndexOf(new SegmentId(campaign, incarnation, ""), NoRules));
        End(signals: 0);
    }

    /// <summary>Takes what a segment's policy is fitted to back to its newest checkpoint that is not after a moment. What was counted stays.</summary>
    /// <param name="segment">The segment.</param>
    /// <param name="atMs">When it was asked for; another time than that of any other rollback of the segment.</param>
    /// <param name="toMs">The moment. Where no checkpoint is that old, nothing changes.</param>
    public void AddRollback(SegmentId segment, long atMs, long toMs)
    {
        Begin(RecordKind.RollBackPolicy, IndexOf(segment, NoRules));
        _record.Varint(atMs);
        _record.Varint(toMs);
        End(signals: 0);
    }

    /// <param name="acceptedAtMs">When the signals were accepted, Unix time in milliseconds.</param>
    public byte[] Build(long acceptedAtMs)
    {
        var body = new ArrayBufferWriter<byte>(_segments.WrittenCount + _records.WrittenCount + 16);
        body.Byte(Format);
        body.Varint(acceptedAtMs);
        body.Varint((ulong)_known.Count);
        body.Write(_segments.WrittenSpan);
        body.Write(_records.WrittenSpan);
        return body.WrittenSpan.ToArray();
    }

    private int IndexOf(SegmentId segment, RewardRules rules)
    {
        if (_known.Count > 0 && ReferenceEquals(_last.Rules, rules) && _last.Segment == segment)
            return _last.Index;
        if (_known.TryGetValue((segment, rules), out var known))
        {
            _last = (segment, rules, known);
            return known;
        }
        _last = (segment, rules, _known.Count);
        _known.Add((segment, rules), _known.Count);
        _segments.Text(segment.Campaign);
        _segments.Fixed64(segment.Incarnation);
        _segments.Text(segment.Segment);
        _segments.Varint(rules.CapMicros);
        _segments.Varint((ulong)rules.Types.Length);
        foreach (var (type, weight) in rules.Types)
        {
            _segments.Fixed64(type);
            _segments.Varint(weight);
        }
        return _known.Count - 1;
    }

    private void Begin(RecordKind kind, int segment)
    {
        _record.ResetWrittenCount();
        _record.Byte((byte)kind);
        _record.Varint((ulong)segment);
    }

    private void End(int signals)
    {
        _records.Bytes(_record.WrittenSpan);
        Signals += signals;
        _count++;
    }
}
