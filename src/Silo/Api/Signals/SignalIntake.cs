using System.Buffers.Binary;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Flywheel.Decisions;
using Flywheel.Domain.Campaigns;
using Flywheel.Grains.Replicas;
using Flywheel.Signals;
using Flywheel.Silo.Api.CloudEvents;
using Flywheel.Silo.Hosting;

namespace Flywheel.Silo.Api.Signals;

/// <summary>
/// Takes the signals of one request: checks each, and puts the good ones into entries for their partitions. Nothing is
/// appended here. Not thread-safe; one for each request.
/// </summary>
/// <param name="tenant">Whose campaigns the signals may be about; null where what they carry is all that says so.</param>
internal sealed class SignalIntake(CampaignReplica replica, MissedCampaigns missed, TokenKeys keys, TimeProvider time, string? tenant)
{
    /// <summary>The most that one signal can stand for.</summary>
    public const long MaxCount = 1_000_000;

    /// <summary>Bytes of a signal's id.</summary>
    public const int MaxIdBytes = 256;

    private const long SkewMs = 300_000;

    private readonly long _nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
    private readonly PartitionEntries _entries = new();
    private long? _askedAt;

    /// <summary>What each of them is wrapped in.</summary>
    public CloudEventForm Form { get; init; }

    /// <summary>Of the request, where <see cref="Form"/> is <see cref="CloudEventForm.Binary"/>.</summary>
    public IHeaderDictionary? Headers { get; init; }

    /// <summary>Who says all of it.</summary>
    public SignalOrigin Origin { get; init; }

    /// <summary>Who can have nothing more remembered; null for nobody.</summary>
    public CrowdedTenants? Crowded { get; init; }

    /// <summary>True where a signal is of such a tenant: nothing of the request is to be appended then.</summary>
    public bool IsCrowded { get; private set; }

    /// <summary>Says of a partition whether its log has the signals that are taken now: those are checked, and not added.</summary>
    public Func<int, bool>? IsThere { get; init; }

    /// <summary>Signals that were good and not added, since they are there; see <see cref="IsThere"/>.</summary>
    public int Skipped { get; private set; }

    /// <summary>Signals that were good and added.</summary>
    public int Accepted { get; private set; }

    /// <summary>Signals whose decision claims to be signed under a lease, and was refused.</summary>
    public int LeasedRefused { get; private set; }

    /// <summary>Campaigns that this silo has to ask for, before the signals about them are taken again.</summary>
    public HashSet<CampaignLife> Missed { get; } = [];

    /// <summary>
    /// True where the last signal was not accepted for what this silo may have missed of its campaign alone; the error is what is wrong if
    /// it has missed nothing.
    /// </summary>
    public bool IsUndecided { get; private set; }

    /// <summary>Asks for <see cref="Missed"/>; false where the cluster could not be asked. Signals that are taken afterwards are decided.</summary>
    public async Task<bool> LookAsync(CancellationToken cancellationToken)
    {
        if (Missed.Count == 0)
            return true;
        _askedAt = await missed.LookAsync(Missed, cancellationToken);
        return _askedAt is not null;
    }

    /// <summary>Takes one signal from its JSON. Null where it was accepted, else what is wrong with it.</summary>
    public string? Take(ReadOnlySpan<byte> json)
    {
        IsUndecided = false;
        RawSignal signal;
        if (Form == CloudEventForm.None)
            return RawSignal.Read(json, out signal) ?? Take(signal);
        return (Form is CloudEventForm.Structured or CloudEventForm.Batch ? CloudEvent.Read(json, out signal) : CloudEvent.Read(Headers!, isEncoded: true, json, out signal)) ?? Take(signal);
    }

    /// <summary>Takes one signal. Null where it was accepted, else what is wrong with it.</summary>
    public string? Take(in RawSignal signal)
    {
        IsUndecided = false;
        if (signal.Type.IsEmpty)
            return "type: came nothing; expected impression, click, conversion or a type of your own";
        Span<char> type = stackalloc char[64];
        if (signal.Type.Length > type.Length || !SignalTypes.IsValid(type[..Encoding.UTF8.GetChars(signal.Type, type)]))
            return $"type: came \"{Shorten(signal.Type)}\"; expected {SignalTypes.Pattern}";
        if (signal.Id.Length > MaxIdBytes)
            return $"id: came {signal.Id.Length} bytes; expected at most {MaxIdBytes}";
        if (signal.Time is { } at && at.ToUnixTimeMilliseconds() > _nowMs + SkewMs)
            return $"time: came {at:O}; expected a time that is not in the future";
        return signal.DecisionId.IsEmpty ? TakeObserved(signal) : TakeDecision(signal);
    }

    /// <summary>The entries of all signals that were accepted.</summary>
    /// <remarks>A body may take its time to come in; the signals are accepted once all of it is there.</remarks>
    public IReadOnlyList<PartitionEntry> Entries() => _entries.Build(time.GetUtcNow().ToUnixTimeMilliseconds());

    private string? TakeDecision(in RawSignal signal)
    {
        Span<byte> buffer = stackalloc byte[DecisionToken.MaxBytes];
        var verdict = DecisionToken.Read(signal.DecisionId, keys, _nowMs, buffer, out var token);
        if (verdict != TokenVerdict.Valid)
        {
            LeasedRefused += DecisionToken.ClaimsLease(signal.DecisionId) ? 1 : 0;
            return Explain(verdict);
        }
        Span<char> room = stackalloc char[CampaignKeys.MaxLength];
        if (token.Campaign.Length > room.Length)
            return Explain(TokenVerdict.BeyondLease);
        ReadOnlySpan<char> key = room[..Encoding.ASCII.GetChars(token.Campaign, room)];
        if (tenant is not null && !CampaignKeys.TenantOf(key).SequenceEqual(tenant))
            return "decisionId: came one of another tenant; expected a decision of a campaign of this key's own";
        if (replica.Find(key) is not { } campaign || campaign.Published.Incarnation != token.Incarnation)
            return MayHaveMissed(key, token.Incarnation, $"decisionId: its campaign \"{CampaignKeys.IdOf(key.ToString())}\" was deleted; expected a decision of a campaign that exists");
        Span<char> id = stackalloc char[Limits.IdLength];
        if (signal.Time is { } at && at.ToUnixTimeMilliseconds() < token.IssuedAtMs - SkewMs)
            return $"time: came {at:O}; expected a time after the decision was made ({DateTimeOffset.FromUnixTimeMilliseconds(token.IssuedAtMs):O})";
        if (signal.Count is > 1)
            return $"count: came {signal.Count}; expected 1 for a signal about a decision (send one signal for each)";
        var known = token.Segment.Length <= id.Length ? campaign.Segment(id[..Encoding.ASCII.GetChars(token.Segment, id)]) : null;
        // Who holds a lease may sign any name; those that were never segments are not counted.
        if (token.IsLeased && known is null)
            return MayHaveMissed(key, token.Incarnation, $"decisionId: its segment \"{Shorten(token.Segment)}\" is none of {campaign.Published.LocalId}; expected a decision of one of its segments");
        var segment = known?.Id
            ?? new SegmentId(campaign.Published.Id, token.Incarnation, Encoding.ASCII.GetString(token.Segment));
        var typeKey = RewardRules.TypeKey(signal.Type);
        var (partition, valueRewardMicros) = (segment.PartitionOf(replica.Partitions), campaign.Rules.RewardOfValue(typeKey, signal.Value ?? 0));
        // A type of the caller's own that earns nothing is told apart by its name, so that invented ones take no pages of memory.
        var ownId = signal.Id.IsEmpty && campaign.Knows(signal.Type) ? 0 : IdOf(token.Issuer, token.Counter, segment, signal);
        if (ownId != 0 || valueRewardMicros > 0)
            NoteCrowding(partition, segment, withId: true);
        if (ownId == 0)
            NoteCrowding(partition, segment, withId: false);
        EntryOf(partition)?.Add(segment, campaign.Rules, new DecisionSignal
        {
            Issuer = token.Issuer,
            Counter = token.Counter,
            IssuedAtMs = token.IssuedAtMs,
            WindowSeconds = token.WindowSeconds,
            Group = token.Group,
            Propensity = token.Propensity,
            // Types that anybody invents would take memory each: they go to quarantine, where they take none.
            Origin = Origin == SignalOrigin.Beacon && !campaign.Knows(signal.Type) ? SignalOrigin.ExcessBeacon : Origin,
            Type = typeKey,
            ValueRewardMicros = valueRewardMicros,
            Id = ownId,
            Channel = token.Channel.IsEmpty ? ChannelOf(campaign, signal) : token.IsLeased ? ChannelOf(campaign, token.Channel) : token.Channel,
            ModuleKeys = token.ModuleKeys,
        });
        return null;
    }

    private string? TakeObserved(in RawSignal signal)
    {
        if (signal.Campaign.IsEmpty)
            return "decisionId: came nothing; expected the id of a decision, or campaign, modules and id for what another system served";
        if (signal.Id.IsEmpty)
            return "id: came nothing; expected an id of its own, so that it is counted once even if it is sent twice";
        Span<char> room = stackalloc char[CampaignKeys.MaxLength];
        var key = CampaignKeys.Write(tenant ?? CampaignKeys.DefaultTenant, signal.Campaign, room);
        if (key.IsEmpty)
            return UnknownCampaign(signal);
        if (replica.Find(key) is not { } campaign)
            return MayHaveMissed(key, null, UnknownCampaign(signal));
        if (FindSegment(campaign, signal.Segment) is not { } segment)
            return MayHaveMissed(key, null, $"segment: came \"{Shorten(signal.Segment)}\"; expected a segment of {campaign.Published.LocalId}, or none for default");
        var atMs = signal.Time?.ToUnixTimeMilliseconds() ?? _nowMs;
        if (_nowMs - atMs > (long)DecisionToken.Lifetime.TotalMilliseconds)
            return $"time: came {signal.Time:O}; expected one of the last {DecisionToken.Lifetime.Days} days";
        Span<byte> moduleKeys = stackalloc byte[Limits.SlotsPerCampaign * 8];
        if (ReadModules(campaign, signal.Modules, moduleKeys, out var length, out var isUnknown) is { } error)
            return isUnknown ? MayHaveMissed(key, null, error) : error;
        var typeKey = RewardRules.TypeKey(signal.Type);
        var partition = segment.Id.PartitionOf(replica.Partitions);
        NoteCrowding(partition, segment.Id, withId: true);
        EntryOf(partition)?.Add(segment.Id, campaign.Rules, new ObservedSignal
        {
            AtMs = atMs,
            WindowSeconds = campaign.WindowSeconds,
            Type = typeKey,
            ValueRewardMicros = campaign.Rules.RewardOfValue(typeKey, signal.Value ?? 0),
            Id = IdOf(0, 0, segment.Id, signal),
            Count = signal.Count ?? 1,
            Channel = ChannelOf(campaign, signal),
            ModuleKeys = moduleKeys[..length],
        });
        return null;
    }

    private void NoteCrowding(int partition, SegmentId segment, bool withId) =>
        IsCrowded |= Crowded?.Contains(partition, segment.Campaign, withId) == true && IsThere?.Invoke(partition) != true;

    /// <summary>Counts a good signal; where it goes, or null where it is there.</summary>
    private EntryBuilder? EntryOf(int partition)
    {
        if (IsThere?.Invoke(partition) == true)
        {
            Skipped++;
            return null;
        }
        Accepted++;
        return _entries.Of(partition);
    }

    private static string UnknownCampaign(in RawSignal signal) => $"campaign: came \"{Shorten(signal.Campaign)}\"; expected the id of a campaign";

    private string MayHaveMissed(ReadOnlySpan<char> campaign, ulong? incarnation, string error)
    {
        var life = new CampaignLife(campaign.ToString(), incarnation);
        IsUndecided = _askedAt is null && !missed.WasAsked(life);
        if (IsUndecided)
            Missed.Add(life);
        else if (_askedAt is { } at)
            missed.Remember(life, at);
        return error;
    }

    private static ReplicatedSegment? FindSegment(ReplicatedCampaign campaign, ReadOnlySpan<byte> segment)
    {
        if (segment.IsEmpty)
            return campaign.Default;
        Span<char> id = stackalloc char[Limits.IdLength];
        return segment.Length <= id.Length ? campaign.Segment(id[..Encoding.UTF8.GetChars(segment, id)]) : null;
    }

    /// <summary>Ids are plain ASCII, so they are compared as they stand; escaped ones are not ids.</summary>
    /// <param name="isUnknown">True where what is wrong is a slot or a module that the campaign, as this silo knows it, does not have.</param>
    private static string? ReadModules(ReplicatedCampaign campaign, ReadOnlySpan<byte> json, Span<byte> keys, out int length, out bool isUnknown)
    {
        length = 0;
        isUnknown = false;
        if (json.IsEmpty)
            return "modules: came nothing; expected {\"headline\":\"h2\"}";
        var reader = new Utf8JsonReader(json);
        var seen = 0;
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var slot = Encoding.UTF8.GetString(reader.ValueSpan);
            reader.Read();
            var index = campaign.Layout.IndexOfSlot(slot);
            isUnknown = index < 0;
            if (isUnknown)
                return $"modules: came the slot \"{Problem.Shorten(slot)}\"; expected slots of {campaign.Published.LocalId}";
            isUnknown = reader.TokenType == JsonTokenType.String;
            if (!isUnknown || campaign.Layout.KeyOf(slot, Encoding.UTF8.GetString(reader.ValueSpan)) is not { } key)
                return $"modules.{slot}: came {Shorten(reader.ValueSpan)}; expected the id of a module of this slot";
            isUnknown = false;
            if ((seen & 1 << index) != 0)
                return $"modules.{slot}: came twice; expected each slot once";
            seen |= 1 << index;
            BinaryPrimitives.WriteUInt64BigEndian(keys[length..], key);
            length += 8;
        }
        return length > 0 ? null : "modules: came none; expected {\"headline\":\"h2\"}";
    }

    private static ReadOnlySpan<byte> ChannelOf(ReplicatedCampaign campaign, in RawSignal signal) =>
        signal.Channel.IsEmpty ? default : ChannelOf(campaign, signal.Channel);

    private static ReadOnlySpan<byte> ChannelOf(ReplicatedCampaign campaign, ReadOnlySpan<byte> name) =>
        campaign.Channels.Utf8(campaign.Channels.Resolve(Encoding.UTF8.GetString(name)));

    /// <summary>The signal's own id, within its decision (or its campaign and segment) and its type. Never 0.</summary>
    private static UInt128 IdOf(ulong issuer, ulong counter, SegmentId segment, in RawSignal signal)
    {
        var hash = new XxHash128();
        Span<byte> scope = stackalloc byte[24];
        BinaryPrimitives.WriteUInt64BigEndian(scope, issuer);
        BinaryPrimitives.WriteUInt64BigEndian(scope[8..], counter);
        BinaryPrimitives.WriteUInt64BigEndian(scope[16..], segment.Incarnation);
        hash.Append(scope);
        hash.Append(MemoryMarshal.AsBytes(segment.Campaign.AsSpan()));
        hash.Append("/"u8);
        hash.Append(MemoryMarshal.AsBytes(segment.Segment.AsSpan()));
        hash.Append("/"u8);
        hash.Append(signal.Type);
        hash.Append("/"u8);
        hash.Append(signal.Id);
        return hash.GetCurrentHashAsUInt128() | 1;
    }

    private static string Explain(TokenVerdict verdict) => verdict switch
    {
        TokenVerdict.Forged => "decisionId: came one whose signature does not match, so it is forged or damaged; expected a decisionId as /v1/decisions gave it",
        TokenVerdict.UnknownKey => "decisionId: came one signed with a key this engine does not have, so it is forged or too old; expected a decisionId as /v1/decisions gave it",
        TokenVerdict.OutsidePeriod => "decisionId: came one that says it was made at a time when its key did not sign; expected a decisionId as /v1/decisions gave it",
        TokenVerdict.Expired => $"decisionId: came one that has expired; expected one of the last {DecisionToken.Lifetime.Days} days",
        TokenVerdict.BeyondLease => "decisionId: came one that its lease does not allow (past its counters or its end, or with figures no decision has); expected one signed within a lease as POST /v1/campaigns/{id}/lease gave it",
        _ => "decisionId: came something that is no decision id, or a part of one; expected a decisionId as /v1/decisions gave it",
    };

    private static string Shorten(ReadOnlySpan<byte> text) => Problem.Shorten(Encoding.UTF8.GetString(text[..Math.Min(text.Length, 320)]));
}
