using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Flywheel.Agents.LanguageModel;
using Flywheel.Agents.Writing;
using Flywheel.Decisions;
using Flywheel.Domain.Access;
using Flywheel.Domain.Campaigns;
using Flywheel.Silo.Api;
using Flywheel.Silo.Api.Messaging;
using Flywheel.Silo.Api.Signals;
using Microsoft.AspNetCore.Http;

namespace Flywheel.Fuzz.Tests;

/// <summary>Every parser that takes bytes from outside, with what has to hold of it.</summary>
internal static class Parsers
{
    /// <summary>Longest part of an error: what came is cut, so that an answer is not as long as a request.</summary>
    private const int MaxErrorChars = 4_000;

    private static readonly TokenKeys Keys = new([KeyValuePair.Create(7U, new byte[32])]);

    /// <summary>The same in each run: format, key, life, issuer, counters, end and campaign.</summary>
    private static readonly TokenLease Lease = Keys.ReadLease(Encoding.ASCII.GetString(Tag(
        [3, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 3, 232, .. BitConverter.GetBytes(Samples.AtMs + 3_600_000).Reverse(), .. "spring"u8], new byte[32])))!;

    private static readonly Slot Headline = new() { Id = "headline", Kind = "text", MaxLength = 90, Modules = [] };

    private static readonly SegmentMatcher Matcher = new(
    [
        [new SegmentCondition("age", ConditionOperator.Lt, [new ConditionValue(JsonValueKind.Number, null, 30)])],
        [new SegmentCondition("city", ConditionOperator.In, [new ConditionValue(JsonValueKind.String, "Lyon", 0)])],
    ]);

    private static readonly CandidateForm Candidates = FormOf();

    public static IEnumerable<Parser> All() =>
    [
        new("campaign", Samples.Campaigns, CheckCampaign),
        new("module-edit", Samples.Edits, CheckEdit),
        new("decision", Samples.Decisions, CheckDecision),
        new("context", Samples.Contexts, CheckContext),
        new("signal", Samples.Signals, CheckSignal),
        new("signal-framing", Samples.Bodies, CheckFraming),
        new("token", [.. Samples.Tokens(Keys, Lease)], CheckToken),
        new("token-signed", [.. Samples.Tokens(Keys, Lease).Select(Payload)], payload => CheckToken(Sign(payload))),
        new("lease", [Encoding.ASCII.GetBytes(Keys.Write(Lease))], CheckLease),
        new("lease-signed", [Payload(Encoding.ASCII.GetBytes(Keys.Write(Lease)))], payload => CheckLease(Sign(payload))),
        new("policy", [.. Samples.Policies()], CheckPolicy),
        new("policy-changes", [.. Samples.PolicyChanges()], CheckPolicyChanges),
        new("query", Samples.Queries, CheckQuery),
        new("api-keys", [Samples.ApiKeys()], CheckApiKeys),
        new("token-keys", Samples.TokenKeyFiles, CheckTokenKeys),
        new("campaign-key", Samples.CampaignKeys, CheckCampaignKey),
        new("log-entry", [.. Samples.Entries()], PartitionCheck.Entry),
        new("checkpoint", [.. Samples.Checkpoints()], PartitionCheck.Checkpoint),
        new("model-candidates", Samples.ModelCandidates, json => CheckModel(() => Candidates.Read(Text(json)))),
        new("model-findings", Samples.ModelFindings, json => CheckModel(() => FindingForm.Read(Text(json), 3))),
        .. OutsideParsers.All(),
        .. MessageParsers.All(),
    ];

    private static void CheckCampaign(byte[] json)
    {
        if (CampaignReader.Read("spring", json, out var errors) is not { } campaign)
        {
            AssertErrors(errors);
            return;
        }
        Assert.Empty(errors);
        AssertReadsBack(campaign);
        Assert.InRange(campaign.Slots.Length, 1, Limits.SlotsPerCampaign);
        Assert.All(campaign.Slots, slot => Assert.InRange(slot.Modules.Length, 1, Limits.ModulesPerSlot));
        Assert.InRange(campaign.Segments.Length, 0, Limits.SegmentsPerCampaign);
        Assert.All(campaign.SegmentIds().Concat(campaign.Slots.Select(slot => slot.Id)), id => Assert.True(Ids.IsValid(id)));
        Assert.True(campaign.Rewards.CapMicros > 0);
    }

    /// <summary>What is stored has to be read again: by the next start, by another silo.</summary>
    private static void AssertReadsBack(Campaign campaign)
    {
        var written = CampaignWriter.Write("spring", campaign);
        var read = CampaignReader.Read("spring", written, out var errors);
        Assert.True(read is not null, $"what was accepted is refused when it is read again: {string.Join("; ", errors)}");
        Assert.Equal(written, CampaignWriter.Write("spring", read));
    }

    public static void CheckEdit(byte[] json)
    {
        if (!ModuleEditReader.TryRead(json, Headline, 1_000, out var edit, out var errors))
        {
            AssertErrors(errors);
            return;
        }
        AssertReadsBack(new Campaign { Slots = [Headline with { Modules = [new Module { Id = "h1", Content = edit!.Content, Attributes = edit.Attributes }] }] });
        Assert.InRange(edit.Comment?.Length ?? 0, 0, 1_000);
    }

    private static void CheckDecision(byte[] json)
    {
        if (!Silo.Api.Decisions.DecisionRequest.TryRead(json, out var request, out var error))
        {
            AssertErrors([error!]);
            return;
        }
        Assert.False(request.Campaign.IsEmpty);
        if (!request.Context.IsEmpty)
            CheckContext(request.Context.ToArray());
        Span<char> room = stackalloc char[CampaignKeys.MaxLength];
        _ = CampaignKeys.Write("acme", request.Campaign, room);
    }

    public static void CheckContext(byte[] context)
    {
        try
        {
            Assert.InRange(Matcher.Match(context, out var channel), -1, 1);
            Assert.Equal(channel, Matcher.ChannelOf(context));
        }
        catch (JsonException)
        {
            // As documented.
        }
    }

    private static void CheckSignal(byte[] json) => CheckSignal(RawSignal.Read(json, out var signal), json.Length, signal);

    public static void CheckSignal(string? error, int length, in RawSignal signal)
    {
        if (error is not null)
        {
            Assert.InRange(error.Length, 1, MaxErrorChars);
            return;
        }
        Assert.InRange(length, 2, RawSignal.MaxBytes);
        Assert.True(signal.Value is null or (>= 0 and <= double.MaxValue));
        Assert.True(signal.Count is null or (>= 1 and <= SignalIntake.MaxCount));
        if (!signal.Modules.IsEmpty)
            JsonDocument.Parse(signal.Modules.ToArray()).Dispose();
    }

    /// <summary>However the bytes are cut on their way, the same signals come out.</summary>
    private static void CheckFraming(byte[] body)
    {
        var (lines, objects) = (Lines(new ReadOnlySequence<byte>(body)), Objects(new ReadOnlySequence<byte>(body)));
        var pieces = Pieces(body);
        Assert.Equal(lines, Lines(pieces));
        Assert.Equal(objects, Objects(pieces));
        Assert.Equal(objects, ObjectsAsTheyCome(body));
        Assert.InRange(lines.Count, 0, body.Length + 1);
    }

    private static List<string> Lines(ReadOnlySequence<byte> body)
    {
        var lines = new List<string>();
        while (SignalFraming.TryReadLine(ref body, isLast: true, out var line))
            lines.Add(Convert.ToHexString(line.ToArray()));
        return lines;
    }

    private static List<string> Objects(ReadOnlySequence<byte> body)
    {
        var (found, state) = (new List<string>(), default(JsonReaderState));
        try
        {
            while (SignalFraming.TryReadObject(ref body, isLast: true, ref state, out var json))
                found.Add(Convert.ToHexString(json.ToArray()));
        }
        catch (JsonException)
        {
            found.Add("malformed");
        }
        return found;
    }

    /// <summary>As a request reads them: with no more than has come so far.</summary>
    private static List<string> ObjectsAsTheyCome(byte[] body)
    {
        var (found, state, taken) = (new List<string>(), default(JsonReaderState), 0);
        var size = PieceOf(body);
        try
        {
            for (var come = Math.Min(size, body.Length); ; come = Math.Min(come + size, body.Length))
            {
                var (buffer, isLast) = (new ReadOnlySequence<byte>(body, taken, come - taken), come == body.Length);
                while (SignalFraming.TryReadObject(ref buffer, isLast, ref state, out var json))
                    found.Add(Convert.ToHexString(json.ToArray()));
                taken = come - (int)buffer.Length;
                if (isLast)
                    return found;
            }
        }
        catch (JsonException)
        {
            found.Add("malformed");
            return found;
        }
    }

    private static int PieceOf(byte[] body) => body.Length == 0 ? 1 : Math.Max(1 + body[0] % 61, body.Length / 32);

    private static ReadOnlySequence<byte> Pieces(byte[] body)
    {
        if (body.Length == 0)
            return ReadOnlySequence<byte>.Empty;
        var size = PieceOf(body);
        Piece? first = null, last = null;
        for (var at = 0; at < body.Length; at += size)
        {
            last = new Piece(body.AsMemory(at, Math.Min(size, body.Length - at)), last);
            first ??= last;
        }
        return new ReadOnlySequence<byte>(first!, 0, last!, last!.Memory.Length);
    }

    private static void CheckToken(byte[] text)
    {
        var verdict = DecisionToken.Read(text, Keys, Samples.AtMs, new byte[DecisionToken.MaxBytes], out var token);
        if (verdict is not TokenVerdict.Valid)
            return;
        Assert.True(token.Campaign.Length <= byte.MaxValue && token.Segment.Length <= byte.MaxValue && token.Channel.Length <= byte.MaxValue);
        Assert.Equal(0, token.ModuleKeys.Length % 8);
        if (token.IsLeased)
            Assert.True(token.Counter < token.LeaseCounters && token.ModuleKeys.Length <= DecisionLimits.Slots * 8 && token.Propensity is > 0 and < 1.01);
    }

    private static void CheckLease(byte[] text)
    {
        if (Keys.ReadLease(Encoding.Latin1.GetString(text)) is not { } lease)
            return;
        Assert.InRange(lease.Campaign.Length, 1, CampaignKeys.MaxLength);
        Assert.Equal(lease with { Key = [] }, Keys.ReadLease(Keys.Write(lease))! with { Key = [] });
    }

    /// <summary>A token or a lease without its signature.</summary>
    private static byte[] Payload(byte[] text) => System.Buffers.Text.Base64Url.DecodeFromUtf8(text)[..^16];

    /// <summary>Signed with the engine's key, and where it says that it is under the lease, with the lease's.</summary>
    private static byte[] Sign(byte[] payload) => Tag(payload, payload is [2, ..] ? Lease.Key : new byte[32]);

    private static byte[] Tag(byte[] payload, byte[] key) => System.Buffers.Text.Base64Url.EncodeToUtf8([.. payload, .. HMACSHA256.HashData(key, payload)[..16]]);

    private static void CheckPolicy(byte[] json)
    {
        PolicySnapshot snapshot;
        try
        {
            snapshot = PolicySnapshotReader.Read(json);
        }
        catch (JsonException)
        {
            return;
        }
        AssertChooses(snapshot);
        var written = Samples.Write(snapshot);
        Assert.Equal(written, Samples.Write(PolicySnapshotReader.Read(written)));
    }

    private static void CheckPolicyChanges(byte[] json)
    {
        try
        {
            if (PolicySnapshotReader.ReadSegments(json, Samples.Policy()) is { } changed)
                AssertChooses(changed);
        }
        catch (JsonException)
        {
            // As documented.
        }
    }

    private static void AssertChooses(PolicySnapshot snapshot)
    {
        foreach (var policy in snapshot.Segments.Select(segment => segment.Own).Append(snapshot.Prior).OfType<SnapshotPolicy>())
        {
            for (ulong random = 0; random < 64; random++)
            {
                var choice = policy.Policy.Choose(Mixing.Spread(random));
                Assert.InRange(choice.Propensity, 0, 1 + 1e-9);
                for (var slot = 0; slot < snapshot.Slots.Length; slot++)
                    Assert.InRange(Combination.ModuleAt(choice.Combination, slot), 0, snapshot.ModulesPerSlot[slot] - 1);
            }
        }
        Assert.InRange(snapshot.Channels.Length, 0, DecisionLimits.Channels);
        _ = snapshot.Matcher.Match("""{"age":24,"channel":"email"}"""u8, out _);
    }

    private static void CheckQuery(byte[] text)
    {
        var context = new DefaultHttpContext();
        context.Request.QueryString = new QueryString("?" + Encoding.Latin1.GetString(text));
        var query = new QueryReader(context.Request);
        var filter = HistoryFilter.Read(query);
        Assert.InRange(query.Number("limit", 100, 1, 1_000), 1, 1_000);
        AssertErrors(query.Errors, least: 0);
        Assert.True(filter.Actor is null or { Length: < 32 });
    }

    private static void CheckApiKeys(byte[] json)
    {
        try
        {
            var keys = ApiKeyDocument.Read(json);
            Assert.Equal(ApiKeyDocument.Write(keys), ApiKeyDocument.Write(ApiKeyDocument.Read(ApiKeyDocument.Write(keys))));
            Assert.All(keys, key => Assert.True(CampaignKeys.IsTenant(key.Tenant) && Roles.Named(key.Role) != Role.None && key.Sha256.Length == 64));
        }
        catch (FormatException e)
        {
            Assert.InRange(e.Message.Length, 1, MaxErrorChars);
        }
    }

    private static void CheckTokenKeys(byte[] text)
    {
        try
        {
            var keys = TokenKeyDocument.Read(Text(text));
            var again = TokenKeyDocument.Read(TokenKeyDocument.Write(keys));
            Assert.Equal(keys.Select(key => (key.Id, Convert.ToHexString(key.Key))), again.Select(key => (key.Id, Convert.ToHexString(key.Key))));
            Assert.Equal(keys.Select(key => key.From?.ToUnixTimeSeconds()), again.Select(key => key.From?.ToUnixTimeSeconds()));
        }
        catch (FormatException e)
        {
            Assert.InRange(e.Message.Length, 1, MaxErrorChars);
        }
    }

    private static void CheckCampaignKey(byte[] utf8)
    {
        Span<char> room = stackalloc char[CampaignKeys.MaxLength];
        foreach (var tenant in (string[])[CampaignKeys.DefaultTenant, "acme"])
        {
            var key = CampaignKeys.Write(tenant, utf8, room);
            Assert.Equal(Ids.IsValid(Encoding.UTF8.GetString(utf8)), !key.IsEmpty);
            if (key.IsEmpty)
                continue;
            Assert.Equal(CampaignKeys.Of(tenant, Text(utf8)), key.ToString());
            Assert.Equal((tenant, Text(utf8)), (CampaignKeys.TenantOf(key).ToString(), CampaignKeys.IdOf(key.ToString())));
        }
        _ = (CampaignKeys.IdOf(Text(utf8)), CampaignKeys.TenantOf(Text(utf8)).Length);
    }

    private static void CheckModel<T>(Func<T> read)
    {
        try
        {
            _ = read();
        }
        catch (ModelCallException e)
        {
            Assert.InRange(e.Message.Length, 1, 200);
        }
    }

    private static void AssertErrors(IReadOnlyList<FieldError> errors, int least = 1)
    {
        Assert.InRange(errors.Count, least, 50);
        Assert.All(errors, error => Assert.InRange(error.Field.Length + error.Came.Length + error.Expected.Length, 1, MaxErrorChars));
    }

    private static CandidateForm FormOf()
    {
        var request = new WritingRequest { Slot = Headline with { Modules = Samples.Modules() }, Language = MessageLanguage.English, Candidates = 3 };
        return new CandidateForm(request, SlotText.Of(request.Slot, out _)!);
    }

    private static string Text(byte[] utf8) => Encoding.UTF8.GetString(utf8);

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> memory, Piece? before)
        {
            Memory = memory;
            if (before is null)
                return;
            RunningIndex = before.RunningIndex + before.Memory.Length;
            before.Next = this;
        }
    }
}
