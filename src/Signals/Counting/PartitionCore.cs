using System.Buffers.Binary;
using Flywheel.Decisions;
using Flywheel.Domain.Campaigns;
using Flywheel.Domain.Learning;
using Flywheel.Domain.Learning.Checkpoints;

namespace Flywheel.Signals;

/// <summary>
/// Counts the signals of one partition, each exactly once. Pure: what it becomes depends on the checkpoint it starts from and
/// the entries it is given, on no clock and no store. Not thread-safe; its owner throws it away after any commit whose
/// outcome it does not know, and starts again from the store.
/// </summary>
public sealed class PartitionCore
{
    /// <summary>Records kept for people to look at, a commit; the ledger counts them all.</summary>
    public const int MaxQuarantined = 100;

    private const string TooMany = "more signals within the attribution window than this partition can tell apart";

    private const long MsPerSecond = 1_000;

    /// <summary>What reports of served decisions are remembered under: of no type that a signal can have.</summary>
    private static readonly ulong ServedKey = RewardRules.TypeKey("\u0001served");

    private readonly int _partition;
    private readonly long _epoch;
    private readonly Dictionary<SegmentId, SegmentState> _segments = [];
    private readonly HashSet<SegmentId> _changed = [];
    private readonly HashSet<SegmentId> _removed = [];
    private readonly List<QuarantinedRecord> _quarantined = [];
    private readonly DecisionSample _sample = new();
    private readonly CheckpointBook _checkpoints = new();
    private readonly DedupeWindow _dedupe;
    private readonly DecisionMemory _decisions;
    private readonly PartitionSummary _summary;
    private long _committedOffset;
    private long _signals;

    public PartitionCore(PartitionCheckpoint checkpoint)
    {
        _partition = checkpoint.Partition;
        _epoch = checkpoint.Epoch;
        _committedOffset = Offset = checkpoint.Offset;
        _summary = PartitionSummary.FromBytes(checkpoint.Summary.Span);
        _dedupe = new DedupeWindow(checkpoint);
        _decisions = new DecisionMemory(_dedupe);
        foreach (var (id, bytes) in checkpoint.Segments)
        {
            if (DecisionSample.IsChunk(id))
                _sample.Load(id, bytes);
            else if (SegmentCheckpoints.IsOne(id))
                _checkpoints.Load(id, bytes);
            else
                _segments[id] = SegmentState.FromBytes(id, bytes);
        }
    }

    /// <summary>The last entry counted.</summary>
    public long Offset { get; private set; }

    /// <summary>The partition's ledger over all time, deleted campaigns included.</summary>
    public SignalLedger Ledger => _summary.Ledger;

    /// <summary>Of the owner that counts here.</summary>
    public long Epoch => _epoch;

    public IEnumerable<SegmentId> Segments => _segments.Keys;

    /// <summary>The version of a segment's counts; 0 where nothing was counted.</summary>
    public long VersionOf(SegmentId segment) => _segments.GetValueOrDefault(segment)?.Version ?? 0;

    /// <summary>Tenants whose share of what the partition can remember is nearly taken: soon their signals would have to be quarantined.</summary>
    /// <param name="withIds">What signals with ids of their own are remembered in; else what decisions are.</param>
    public IReadOnlyList<string> Crowded(bool withIds) => _dedupe.Crowded(withIds);

    public SegmentCounts? CountsOf(SegmentId segment) => _segments.GetValueOrDefault(segment)?.ToCounts();

    /// <summary>What a segment's policy can go back to, in the order in which it was kept; empty where nothing was counted.</summary>
    public IReadOnlyList<PolicyCheckpoint> CheckpointsOf(SegmentId segment) =>
        _segments.TryGetValue(segment, out var state) ? _checkpoints.Of(segment, state) : [];

    /// <summary>What is counted of a segment and not learnt from.</summary>
    public LeftOut LeftOutOf(SegmentId segment) => _segments.GetValueOrDefault(segment)?.LeftOut ?? LeftOut.Nothing;

    /// <summary>How thin the sample of decisions is: the largest hash of a decision that it keeps.</summary>
    public ulong SampleThreshold => _sample.Threshold;

    /// <summary>The sampled decisions of one life of a campaign that had an impression, in the order they were made.</summary>
    /// <param name="segment">The one to tell of; null for all that the partition counts.</param>
    /// <param name="threshold">Another partition's, where both samples are to be as thin as the thinner one; a larger one than this one's changes nothing.</param>
    public IReadOnlyList<SampleRow> Sample(string campaign, ulong incarnation, string? segment, ulong threshold = ulong.MaxValue) =>
        [.. _sample.Rows
            .Where(row => row.HasImpression && row.Segment.Campaign == campaign && row.Segment.Incarnation == incarnation && (segment is null || row.Segment.Segment == segment))
            .Where(row => DecisionSample.HashOf(row.Issuer, row.Counter) <= threshold)
            .OrderBy(row => row.DecidedAtMs).ThenBy(row => row.Issuer).ThenBy(row => row.Counter)];

    /// <summary>Counts an entry. One that was counted before is passed over.</summary>
    public void Apply(LogEntry entry)
    {
        if (entry.Offset <= Offset)
            return;
        Offset = entry.Offset;
        _signals += entry.Signals;
        var accepted = _summary.Ledger.Accepted;
        ApplyBody(entry);
        var unaccounted = entry.Signals - (_summary.Ledger.Accepted - accepted);
        if (unaccounted <= 0)
            return;
        _summary.Ledger += new SignalLedger(unaccounted, 0, 0, 0, unaccounted);
        Quarantine("the entry, or a part of it, cannot be read", entry.Body.Span);
    }

    /// <summary>
    /// The step from the last commit to here, and the counts it changes; null where there is nothing to commit. The caller
    /// commits it before it applies anything more.
    /// </summary>
    public PartitionCommit? TakeCommit(out IReadOnlyList<KeyValuePair<SegmentId, SegmentCounts>> changes)
    {
        changes = [];
        if (Offset == _committedOffset)
            return null;
        var segments = new List<KeyValuePair<SegmentId, byte[]>>(_changed.Count);
        var counts = new List<KeyValuePair<SegmentId, SegmentCounts>>(_changed.Count);
        foreach (var id in _changed)
        {
            var state = _segments[id];
            state.Advance();
            segments.Add(new(id, state.ToBytes()));
            counts.Add(new(id, state.ToCounts()));
        }
        segments.AddRange(_sample.TakeChanges());
        segments.AddRange(_checkpoints.TakeChanges());
        _dedupe.Sweep(_summary.LogTimeMs);
        var commit = new PartitionCommit(
            _partition, _epoch, _committedOffset, Offset, _signals, _summary.ToBytes(), segments, [.. _removed], _dedupe.TakeChanges(), [.. _quarantined]);
        (_committedOffset, _signals, changes) = (Offset, 0, counts);
        _changed.Clear();
        _removed.Clear();
        _quarantined.Clear();
        return commit;
    }

    private void ApplyBody(LogEntry entry)
    {
        var reader = new RecordReader(entry.Body.Span);
        if (reader.Byte() != EntryBuilder.Format)
            return;
        var acceptedAtMs = reader.Time();
        var segments = SignalRecords.ReadSegments(ref reader);
        // The sample's parts and the checkpoints stand among the segments; an entry that names one is damaged.
        if (reader.Failed || segments.Exists(segment => DecisionSample.IsChunk(segment.Id) || SegmentCheckpoints.IsOne(segment.Id)))
            return;
        _summary.Advance(acceptedAtMs);
        while (!reader.AtEnd && !reader.Failed)
        {
            var bytes = reader.Bytes();
            if (!reader.Failed && !ApplyRecord(bytes, segments, acceptedAtMs))
                Quarantine("the record cannot be read", bytes);
        }
    }

    private bool ApplyRecord(ReadOnlySpan<byte> bytes, List<(SegmentId Id, RewardRules Rules)> segments, long acceptedAtMs)
    {
        var reader = new RecordReader(bytes);
        var kind = (RecordKind)reader.Byte();
        var index = reader.Varint();
        if (reader.Failed || index >= (ulong)segments.Count)
            return false;
        var (id, rules) = segments[(int)index];
        return kind switch
        {
            RecordKind.DecisionSignal or RecordKind.DecisionSignalWithPropensity or RecordKind.DecisionSignalWithValue or RecordKind.Beacon or RecordKind.ExcessBeacon =>
                ApplyDecisionSignal(ref reader, kind, id, rules, acceptedAtMs),
            RecordKind.ObservedSignal or RecordKind.ObservedSignalWithValue => ApplyObservedSignal(ref reader, kind, id, rules, acceptedAtMs),
            RecordKind.DecisionsServed => ApplyServed(ref reader, id),
            RecordKind.LeasedDecisionsServed => ApplyLeasedServed(ref reader, id, acceptedAtMs),
            RecordKind.ForgetCampaign => Forget(id),
            RecordKind.RollBackPolicy => ApplyRollback(ref reader, id),
            _ => false,
        };
    }

    private bool ApplyDecisionSignal(ref RecordReader reader, RecordKind kind, SegmentId id, RewardRules rules, long acceptedAtMs)
    {
        if (!SignalRecords.Read(ref reader, kind, out DecisionSignal signal))
            return false;
        if (Open(id) is not { } state)
            return true;
        var expiresAtMs = signal.IssuedAtMs + signal.WindowSeconds * MsPerSecond;
        if (NotBefore(acceptedAtMs) > expiresAtMs)
            return Enter(state, new SignalLedger(1, 0, 0, 1, 0));
        if (_decisions.Knows(signal))
            return Enter(state, new SignalLedger(1, 0, 1, 0, 0));
        if (kind == RecordKind.ExcessBeacon)
            return EnterQuarantined(state, signal.ModuleKeys, "a beacon of a source that sends more in a minute than is believed, or of a type that earns nothing");
        if (!_decisions.CanRemember(state.Share!, signal))
            return EnterQuarantined(state, signal.ModuleKeys, TooMany);
        if (kind == RecordKind.Beacon && _decisions.IsEarly(signal))
            return Hold(state, signal, expiresAtMs);
        CountDecisionSignal(state, id, signal, rules, expiresAtMs, acceptedAtMs);
        // A caller has said so in the meantime: what waits is the same again.
        if (signal.Id == 0 && IsHeld(state, signal, signal.Type))
            Enter(state, new SignalLedger(0, 0, 1, 0, -1));
        if (signal.Type == RewardRules.ImpressionKey && signal.Id == 0)
            Release(state, id, signal, rules, expiresAtMs, acceptedAtMs);
        return Enter(state, new SignalLedger(1, 1, 0, 0, 0));
    }

    private void CountDecisionSignal(SegmentState state, SegmentId id, in DecisionSignal signal, RewardRules rules, long expiresAtMs, long acceptedAtMs)
    {
        var worth = Saturating.Add(rules.WeightOf(signal.Type), signal.ValueRewardMicros);
        var earned = worth == 0 ? 0 : _decisions.Earned(signal, rules);
        _decisions.Remember(state.Share!, signal, worth, expiresAtMs);
        var reward = Math.Min(rules.CapMicros, Saturating.Add(earned, worth)) - Math.Min(rules.CapMicros, earned);
        AddEvidence(state, id, signal, reward, acceptedAtMs);
        Count(state, signal.Channel, signal.ModuleKeys, signal.Group == Group.Control ? TallySource.Control : TallySource.Learned,
            signal.Type == RewardRules.ImpressionKey ? 1 : 0, reward, acceptedAtMs);
        _sample.Add(id, signal, signal.Type == RewardRules.ImpressionKey, reward);
    }

    /// <summary>Puts a beacon aside until the decision's impression comes; until then it is in quarantine, and what comes again is a duplicate.</summary>
    private bool Hold(SegmentState state, in DecisionSignal signal, long expiresAtMs)
    {
        if (_decisions.IsHeld(signal, signal.Type))
            return Enter(state, new SignalLedger(1, 0, 1, 0, 0));
        if (!_decisions.CanHold(state.Share!, signal))
            return EnterQuarantined(state, signal.ModuleKeys, TooMany);
        _decisions.Hold(state.Share!, signal, expiresAtMs);
        return EnterQuarantined(state, signal.ModuleKeys, "a beacon that waits for its decision's impression");
    }

    /// <summary>Counts what waited for this impression.</summary>
    private void Release(SegmentState state, SegmentId id, in DecisionSignal impression, RewardRules rules, long expiresAtMs, long acceptedAtMs)
    {
        foreach (var (type, _) in rules.Types)
        {
            if (!IsHeld(state, impression, type))
                continue;
            var waited = impression with { Type = type, Id = 0, ValueRewardMicros = 0 };
            if (_decisions.Knows(waited) || !_decisions.CanRemember(state.Share!, waited))
                continue;
            CountDecisionSignal(state, id, waited, rules, expiresAtMs, acceptedAtMs);
            Enter(state, new SignalLedger(0, 1, 0, 0, -1));
        }
    }

    /// <summary>
    /// Whether a signal of this type waits for the decision. Who holds a lease can give two segments' decisions one counter: what waits in another
    /// segment is not this one's to take out of quarantine.
    /// </summary>
    private bool IsHeld(SegmentState state, in DecisionSignal signal, ulong type) =>
        state.Ledger.Quarantined > 0 && _decisions.IsHeld(signal, type);

    private bool ApplyObservedSignal(ref RecordReader reader, RecordKind kind, SegmentId id, RewardRules rules, long acceptedAtMs)
    {
        if (!SignalRecords.Read(ref reader, kind, out ObservedSignal signal))
            return false;
        if (Open(id) is not { } state)
            return true;
        var windowMs = signal.WindowSeconds * MsPerSecond;
        if (NotBefore(acceptedAtMs) > signal.AtMs + windowMs)
            return Enter(state, new SignalLedger(1, 0, 0, 1, 0));
        if (_dedupe.Knows(signal.Id))
            return Enter(state, new SignalLedger(1, 0, 1, 0, 0));
        if (!_dedupe.CanRememberId(state.Share!))
            return EnterQuarantined(state, signal.ModuleKeys, TooMany);
        _dedupe.Remember(state.Share!, new RememberedId(signal.Id, Math.Max(acceptedAtMs, signal.AtMs) + windowMs, 0, 0, 0));
        Count(state, signal.Channel, signal.ModuleKeys, TallySource.Observed,
            signal.Type == RewardRules.ImpressionKey ? signal.Count : 0,
            Saturating.Add(Saturating.Multiply(rules.WeightOf(signal.Type), signal.Count), signal.ValueRewardMicros),
            acceptedAtMs);
        return Enter(state, new SignalLedger(1, 1, 0, 0, 0));
    }

    private bool ApplyServed(ref RecordReader reader, SegmentId id)
    {
        var channel = reader.Bytes();
        var (learned, control) = (reader.Count(), reader.Count());
        var assignment = reader.AtEnd ? default : new Assignment(reader.Count(), reader.Count(), reader.Count());
        if (reader.Failed || !SignalRecords.IsChannel(channel))
            return false;
        if (_summary.IsBuried(id))
            return true;
        var state = StateOf(id);
        state.Channel(channel).AddServed(learned, control);
        state.Assignment += assignment;
        return true;
    }

    /// <summary>A report may be sent again until it is acknowledged: its number is remembered as a signal's decision is. It is no signal, and not in the ledger.</summary>
    private bool ApplyLeasedServed(ref RecordReader reader, SegmentId id, long acceptedAtMs)
    {
        var (issuer, number, expiresAtMs) = (reader.Fixed64(), reader.Varint(), reader.Time());
        var channel = reader.Bytes();
        var (learned, control) = (reader.Count(), reader.Count());
        var assignment = new Assignment(reader.Count(), reader.Count(), reader.Count());
        if (reader.Failed || !reader.AtEnd || !SignalRecords.IsChannel(channel))
            return false;
        if (_summary.IsBuried(id) || NotBefore(acceptedAtMs) > expiresAtMs || _dedupe.Knows(issuer, ServedKey, number))
            return true;
        var share = _dedupe.ShareOf(CampaignKeys.TenantOf(id.Campaign));
        if (!_dedupe.CanRemember(share, issuer, ServedKey, number))
        {
            Quarantine("more reports of served decisions than this partition can tell apart", channel);
            return true;
        }
        _dedupe.Remember(share, issuer, ServedKey, number, expiresAtMs);
        var state = StateOf(id);
        state.Channel(channel).AddServed(learned, control);
        state.Assignment += assignment;
        return true;
    }

    /// <summary>What is not there to go back to, or is gone, stays as it is: whoever asked looked before and looks again.</summary>
    private bool ApplyRollback(ref RecordReader reader, SegmentId id)
    {
        var (atMs, toMs) = (reader.Time(), reader.Time());
        if (reader.Failed || !reader.AtEnd)
            return false;
        if (_segments.TryGetValue(id, out var state) && _checkpoints.RollBack(id, state, atMs, toMs, _summary.LogTimeMs))
            _changed.Add(id);
        return true;
    }

    private bool Forget(SegmentId campaign)
    {
        _summary.Bury(campaign.Campaign, campaign.Incarnation);
        foreach (var id in _segments.Keys.Where(_summary.IsBuried).ToArray())
        {
            _segments.Remove(id);
            _changed.Remove(id);
            _removed.Add(id);
            if (_checkpoints.Forget(id) is { } checkpoints)
                _removed.Add(checkpoints);
        }
        _sample.Forget(_summary.IsBuried);
        return true;
    }

    /// <summary>
    /// The time that lateness is judged by. An entry may have been accepted long before it was appended; what dedupe may have
    /// let go of by the log's own time is late, whatever the entry says.
    /// </summary>
    private long NotBefore(long acceptedAtMs) => Math.Max(acceptedAtMs, _summary.LogTimeMs - DedupeWindow.GraceMs);

    private static void Count(SegmentState state, ReadOnlySpan<byte> channelName, ReadOnlySpan<byte> moduleKeys, TallySource source, long impressions, long rewardMicros, long atMs)
    {
        if (impressions == 0 && rewardMicros == 0)
            return;
        var channel = state.Channel(channelName);
        channel.AddTotal(source, impressions, rewardMicros);
        for (; !moduleKeys.IsEmpty; moduleKeys = moduleKeys[8..])
            channel.AddModule(BinaryPrimitives.ReadUInt64BigEndian(moduleKeys), source, impressions, rewardMicros, atMs);
    }

    private void AddEvidence(SegmentState state, SegmentId id, in DecisionSignal signal, long rewardMicros, long acceptedAtMs)
    {
        var impressions = signal.Type == RewardRules.ImpressionKey ? 1 : 0;
        if ((impressions == 0 && rewardMicros == 0) || signal.ModuleKeys.Length > 8 * Limits.SlotsPerCampaign)
            return;
        if (state.LeftOut.Covers(signal.IssuedAtMs))
        {
            state.LeaveOut(impressions, rewardMicros);
            return;
        }
        _checkpoints.KeepIfDue(id, state, signal.IssuedAtMs, _summary.LogTimeMs);
        Span<ulong> modules = stackalloc ulong[signal.ModuleKeys.Length / 8];
        for (var slot = 0; slot < modules.Length; slot++)
            modules[slot] = BinaryPrimitives.ReadUInt64BigEndian(signal.ModuleKeys[(8 * slot)..]);
        state.AddEvidence(modules, impressions, rewardMicros, signal.IssuedAtMs, acceptedAtMs);
    }

    /// <summary>The segment a signal is for; null, and the signal is quarantined, where its campaign was deleted.</summary>
    private SegmentState? Open(SegmentId id)
    {
        if (!_summary.IsBuried(id))
            return StateOf(id);
        _summary.Ledger += new SignalLedger(1, 0, 0, 0, 1);
        Quarantine($"the campaign {id.Campaign} was deleted", default);
        return null;
    }

    private SegmentState StateOf(SegmentId id)
    {
        if (!_segments.TryGetValue(id, out var state))
            _segments[id] = state = new SegmentState();
        state.Share ??= _dedupe.ShareOf(CampaignKeys.TenantOf(id.Campaign));
        _changed.Add(id);
        _removed.Remove(id);
        return state;
    }

    private bool Enter(SegmentState state, SignalLedger outcome)
    {
        state.Ledger += outcome;
        _summary.Ledger += outcome;
        return true;
    }

    private bool EnterQuarantined(SegmentState state, ReadOnlySpan<byte> body, string reason)
    {
        Quarantine(reason, body);
        return Enter(state, new SignalLedger(1, 0, 0, 0, 1));
    }

    private void Quarantine(string reason, ReadOnlySpan<byte> body)
    {
        if (_quarantined.Count < MaxQuarantined)
            _quarantined.Add(new QuarantinedRecord(Offset, reason, body.ToArray()));
    }
}
