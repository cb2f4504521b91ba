using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Flywheel.Decisions;
using Flywheel.Domain.Access;
using Flywheel.Domain.Campaigns;
using Flywheel.Signals;
using Flywheel.Signals.Tests.Counting;

namespace Flywheel.Fuzz.Tests;

/// <summary>Inputs that are right, to make others of.</summary>
internal static class Samples
{
    public const long AtMs = 1_777_000_000_000;

    /// <summary>Of each of <see cref="Entries"/>.</summary>
    public const int SignalsPerEntry = 8;

    private static readonly RewardRules Rules = new(5_000_000, [(RewardRules.TypeKey("click"), 1_000_000), (RewardRules.TypeKey("order"), 500_000)]);

    private static readonly byte[] ModuleKeys = KeysOf(5, 6);

    public static readonly byte[][] Campaigns = Utf8(
        """
        {"id":"spring","name":"Spring shoes","status":"live","simulation":true,
         "brief":{"brand":"Aster","objective":"first orders","tone":["warm"],"language":"fr","mustSay":["gratuit"],"neverSay":["guaranteed"],"claims":["free returns for 30 days"]},
         "slots":[{"id":"headline","kind":"text","maxLength":90,"modules":[
            {"id":"h1","content":{"text":"Run lighter","more":[1,{"a":null}]},"attributes":{"angle":"benefit"}},{"id":"h2","content":{"text":"What your knees wish you knew"},"attributes":{"angle":"curiosity"}}]},
          {"id":"image","kind":"image","modules":[{"id":"i1","content":{"url":"https://example.com/a.jpg","alt":"é"}}]}],
         "segments":[{"id":"young-urban","match":{"age":{"lt":30,"gte":18},"city":["Paris","Lyon"]}},{"id":"old","match":{"age":{"gte":30},"member":true}}],
         "rewards":{"click":1,"conversion":5,"order":{"weight":0.5,"perValue":0.1},"cap":10},
         "policy":{"control":0.05,"minPropensity":0.01,"attributionWindow":"01:00:00"},
         "governance":{"mode":"auto","maxModulesPerSlot":8,"challengerShare":0.1,"proposalsPerDay":20,"tokensPerDay":1000,"costPerDay":1.5,"coolDownMinutes":5,"auto":{"slots":["headline"],"risk":"info","share":0.1}}}
        """,
        """{"slots":[{"id":"a","modules":[{"id":"b"}]}],"policy":{"attributionWindow":"PT2H"}}""",
        """{"slots":[{"id":"a","kind":"text","modules":[{"id":"b","content":{"text":"x"}}]}],"segments":[{"id":"c","match":{"a":{"in":[1,"b",true],"ne":2},"d":1e3}}]}""");

    public static readonly byte[][] Edits = Utf8(
        """{"content":{"text":"Run lighter","more":{"a":[1,2,{"b":"c"}]}},"attributes":{"angle":"benefit","tone":"warm"},"comment":"shorter"}""",
        """{"content":{"text":"x"}}""");

    public static readonly byte[][] Decisions = Utf8(
        """{"campaign":"spring","segment":"young-urban","context":{"age":24,"city":"Lyon","channel":"email","more":{"a":[1,2]}},"unit":"user-1"}""",
        """{"campaign":"spr\u0069ng","context":null,"other":[{}]}""");

    public static readonly byte[][] Contexts = Utf8("""{"age":24,"city":"Lyon","channel":"email","more":{"a":[1,2]}}""", """{"age":"24","c\u0069ty":"Ly\u006fn","channel":7}""", "{}");

    public static readonly byte[][] Signals = Utf8(
        """{"decisionId":"AS8dAAAAAA","type":"conversion","id":"order-77","value":49.9,"time":"2026-05-04T10:00:00Z","channel":null}""",
        """{"id":"crm-1","campaign":"spring","segment":"default","modules":{"headline":"h2"},"type":"cl\u0069ck","count":12,"channel":"earned","more":{"a":[1]}}""");

    public static readonly byte[][] Bodies = Utf8(
        """[{"type":"click"},{"type":"impression","a":[1,{"b":"]"}]}, {"type":"x"}]""",
        "{\"type\":\"click\"}\n{\"type\":\"impression\"}\r\n\n  \n{\"type\":\"x\"}",
        """ {"type":"cl}ick"} """);

    public static readonly byte[][] Queries = Utf8(
        "kind=approved&actor=person&slot=headline&module=h1&from=2026-05-04T10%3A00%3A00Z&to=2026-06-01&limit=20", "limit=1000&actor=agents&from=&limit=3");

    public static readonly byte[][] TokenKeyFiles = Utf8(
        "# keys\n0000002a AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= \n0000002b AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE= 2026-05-04T10:00:00Z\r\n");

    public static readonly byte[][] CampaignKeys = Utf8("spring", "a-1", "acme:spring", new string('z', Ids.MaxLength));

    public static readonly byte[][] ModelCandidates = Utf8(
        """{"candidates":[{"text":"Run further","attributes":{"angle":"benefit"}},{"text":"Why knees thank you","attributes":{"angle":null}}]}""");

    public static readonly byte[][] ModelFindings = Utf8(
        """{"findings":[{"candidate":0,"rule":"tone","severity":"warning","text":"too loud"},{"candidate":2,"rule":"claims","severity":"block","text":"not in the brief"}]}""");

    /// <summary>The id that a part of the sample of decisions is stored under.</summary>
    public static SegmentId SampleId { get; } = Committed().Segments.Select(segment => segment.Key).First(id => id.Campaign != "spring");

    public static byte[] ApiKeys() => ApiKeyDocument.Write(
    [
        ApiKeyText.Keep("flw_one", "default", "admin"),
        ApiKeyText.Keep("flw_two", "acme", "serve") with { Name = "ad server", RequestsPerSecond = 500, CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(AtMs), ExpiresAt = DateTimeOffset.FromUnixTimeMilliseconds(AtMs) },
    ]);

    public static ImmutableArray<Module> Modules() =>
    [
        new() { Id = "h1", Content = ModuleContent.From(JsonSerializer.SerializeToElement(new { text = "Run lighter" })), Attributes = ImmutableSortedDictionary<string, string>.Empty.Add("angle", "benefit") },
    ];

    public static IEnumerable<byte[]> Tokens(TokenKeys keys, TokenLease lease)
    {
        var token = new DecisionToken
        {
            Issuer = 9,
            Counter = 300,
            IssuedAtMs = AtMs,
            Group = Group.Control,
            Propensity = 0.31,
            Incarnation = 3,
            WindowSeconds = 3_600,
            Campaign = "spring"u8,
            Segment = "young-urban"u8,
            Channel = "email"u8,
            ModuleKeys = new byte[16],
        };
        var text = new byte[DecisionToken.MaxChars];
        return [text[..token.WriteTo(text, keys)], text[..token.WriteTo(text, lease)]];
    }

    public static PolicySnapshot Policy() => PolicyOf([3, 2]);

    public static IEnumerable<byte[]> Policies() => [Write(Policy()), Write(PolicyOf([1])), Write(PolicyOf([32, 32, 32]))];

    public static IEnumerable<byte[]> PolicyChanges() => [Write(json => PolicySnapshotWriter.WriteSegments(json, Policy(), Policy().Segments))];

    public static byte[] Write(PolicySnapshot snapshot) => Write(json => PolicySnapshotWriter.Write(json, snapshot));

    /// <summary>Entries about the same decisions: a click that waits, the impression, reports, and a campaign that is deleted.</summary>
    public static IEnumerable<byte[]> Entries()
    {
        var (young, all) = (new SegmentId("spring", 3, "young"), new SegmentId("spring", 3, "default"));
        var first = new EntryBuilder();
        for (ulong counter = 0; counter < 4; counter++)
            first.Add(counter < 2 ? young : all, Rules, Signal(counter, "click") with { Origin = SignalOrigin.Beacon });
        first.Add(all, Rules, Signal(9, "order") with { ValueRewardMicros = 40_000, Id = 77 });
        first.Add(all, Rules, Signal(10, "click") with { Propensity = 0 });
        first.Add(all, Rules, Signal(11, "click") with { Origin = SignalOrigin.ExcessBeacon });
        first.Add(young, Rules, Observed(5));
        first.AddServed(young, Rules, "email"u8, 40, 2, new Assignment(42, 2, 2_100_000));
        yield return first.Build(AtMs);
        var second = new EntryBuilder();
        for (ulong counter = 0; counter < 4; counter++)
            second.Add(counter < 2 ? young : all, Rules, Signal(counter, "impression") with { Origin = counter % 2 == 0 ? SignalOrigin.Beacon : SignalOrigin.Caller });
        second.Add(young, Rules, Signal(1, "click"));
        second.Add(all, Rules, Signal(9, "order") with { ValueRewardMicros = 1, Id = 78 });
        second.Add(all, Rules, Observed(5));
        second.Add(all, Rules, Observed(6) with { ValueRewardMicros = 9 });
        second.AddServed(all, Rules, new ServedReport { Issuer = 9, Number = 1, ExpiresAtMs = AtMs + 1_000, Channel = "email"u8, Learned = 3, Control = 1 });
        yield return second.Build(AtMs + 1_000);
        var third = new EntryBuilder();
        third.AddForget("spring", 3);
        for (ulong counter = 0; counter < SignalsPerEntry; counter++)
            third.Add(young with { Incarnation = 3 + counter % 2 }, Rules, Signal(counter, "impression"));
        yield return third.Build(AtMs + 2_000);
    }

    /// <summary>Stored forms, each behind a byte that says which it is.</summary>
    public static IEnumerable<byte[]> Checkpoints()
    {
        var commit = Committed();
        return [[0, .. commit.Summary], .. commit.Segments.Select(segment => (byte[])[segment.Key.Campaign == "spring" ? (byte)1 : (byte)2, .. segment.Value])];
    }

    private static PartitionCommit Committed()
    {
        var core = new PartitionCore(new MemoryStore().Open());
        foreach (var (at, body) in Entries().Take(2).Index())
            core.Apply(new LogEntry(at + 1, SignalsPerEntry, body));
        return core.TakeCommit(out _)!;
    }

    private static DecisionSignal Signal(ulong counter, string type) => new()
    {
        Issuer = 9,
        Counter = counter,
        IssuedAtMs = AtMs,
        WindowSeconds = 3_600,
        Group = counter % 4 == 3 ? Group.Control : Group.Learned,
        Propensity = 0.25,
        Type = RewardRules.TypeKey(type),
        Channel = "email"u8,
        ModuleKeys = ModuleKeys,
    };

    private static ObservedSignal Observed(ulong id) => new()
    {
        AtMs = AtMs,
        WindowSeconds = 3_600,
        Type = RewardRules.TypeKey("click"),
        Id = id,
        Count = 12,
        ModuleKeys = ModuleKeys,
    };

    private static byte[] KeysOf(params ulong[] keys)
    {
        var bytes = new byte[keys.Length * 8];
        for (var i = 0; i < keys.Length; i++)
            BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(i * 8), keys[i]);
        return bytes;
    }

    private static PolicySnapshot PolicyOf(ImmutableArray<int> shape)
    {
        var draws = Enumerable.Range(0, 64).Select(entry => shape.Index().Aggregate(0UL, (all, slot) => Combination.With(all, slot.Index, entry * (slot.Index + 1) % slot.Item))).ToArray();
        var slots = shape.Select((modules, s) => new SnapshotSlot($"s{s}", [.. Enumerable.Range(0, modules).Select(m =>
            new SnapshotModule($"m{m}", m + 1, ulong.MaxValue - (ulong)m, Encoding.UTF8.GetBytes($$"""{"text":"é {{m}}"}""")))]));
        var own = new SnapshotPolicy(new SegmentPolicy(9, shape, draws, 0.05, 1e-6), AtMs);
        var young = new SegmentCondition("age", ConditionOperator.Lt, [new ConditionValue(JsonValueKind.Number, null, 30)]);
        return new PolicySnapshot([.. slots], [new SnapshotSegment("young", 3, [young], own), new SnapshotSegment(Ids.DefaultSegment, 4, [], null)])
        {
            Campaign = "spring",
            Incarnation = 3,
            IsLive = true,
            AsOfMs = AtMs,
            WindowSeconds = 3_600,
            Partitions = 16,
            Channels = ["email"],
            Prior = new SnapshotPolicy(SegmentPolicy.Uniform(shape, 0.1), AtMs),
        };
    }

    private static byte[] Write(Action<Utf8JsonWriter> write)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes, JsonText.Compact))
            write(json);
        return bytes.WrittenSpan.ToArray();
    }

    private static byte[][] Utf8(params IEnumerable<string> texts) => [.. texts.Select(Encoding.UTF8.GetBytes)];
}
