using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Flywheel.Decisions;

/// <summary>Reads what <see cref="PolicySnapshotWriter"/> wrote, to a policy that chooses the same for the same random number.</summary>
public static class PolicySnapshotReader
{
    /// <exception cref="JsonException">This is no snapshot, or none that can be served.</exception>
    public static PolicySnapshot Read(ReadOnlyMemory<byte> utf8) => Guard(utf8, ReadDocument);

    /// <summary>Puts what <see cref="PolicySnapshotWriter.WriteSegments"/> wrote into the snapshot that it was written for.</summary>
    /// <returns>Null where <paramref name="snapshot"/> is of another life of the campaign, or has other segments.</returns>
    /// <exception cref="JsonException">These are no segments of a snapshot.</exception>
    public static PolicySnapshot? ReadSegments(ReadOnlyMemory<byte> utf8, PolicySnapshot snapshot) => Guard(utf8, document => ReadChanges(document, snapshot));

    private static T Guard<T>(ReadOnlyMemory<byte> utf8, Func<JsonElement, T> read)
    {
        try
        {
            using var document = JsonDocument.Parse(utf8);
            return read(document.RootElement);
        }
        catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw new JsonException($"The policy cannot be read: {e.Message}", e);
        }
    }

    private static PolicySnapshot ReadDocument(JsonElement document)
    {
        ImmutableArray<SnapshotSlot> slots = [.. document.GetProperty("slots").EnumerateArray().Select(ReadSlot)];
        if (slots.Length is 0 or > DecisionLimits.Slots)
            throw Unfit($"{slots.Length} slots");
        ImmutableArray<int> shape = [.. slots.Select(slot => slot.Modules.Length)];
        var partitions = document.GetProperty("partitions").GetInt32();
        if (partitions is < 1 or > DecisionLimits.Partitions)
            throw Unfit($"{partitions} partitions");
        return new PolicySnapshot(slots, [.. document.GetProperty("segments").EnumerateArray().Select(segment => ReadSegment(segment, shape, partitions))])
        {
            Campaign = IdOf(document.GetProperty("campaign")),
            Tenant = document.TryGetProperty("tenant", out var tenant) ? IdOf(tenant) : CampaignKeys.DefaultTenant,
            Incarnation = ReadHex(document.GetProperty("incarnation")),
            IsLive = document.GetProperty("status").ValueEquals("live"u8),
            AsOfMs = ReadTime(document.GetProperty("asOf")),
            WindowSeconds = document.GetProperty("attributionWindow").GetUInt32(),
            Partitions = partitions,
            Channels = ReadChannels(document),
            Prior = ReadPolicy(document.GetProperty("prior"), shape),
        };
    }

    private static PolicySnapshot? ReadChanges(JsonElement document, PolicySnapshot snapshot)
    {
        if (ReadHex(document.GetProperty("incarnation")) != snapshot.Incarnation)
            return null;
        var segments = snapshot.Segments.ToBuilder();
        foreach (var changed in document.GetProperty("segments").EnumerateArray())
        {
            var place = snapshot.PlaceOf(IdOf(changed.GetProperty("id")));
            if (place < 0)
                return null;
            segments[place] = segments[place] with { Own = ReadOwn(changed, snapshot.ModulesPerSlot) };
        }
        return snapshot.With(segments.MoveToImmutable(), ReadChannels(document), ReadTime(document.GetProperty("asOf")));
    }

    private static SnapshotSlot ReadSlot(JsonElement slot)
    {
        ImmutableArray<SnapshotModule> modules = [.. slot.GetProperty("modules").EnumerateArray().Select(module => new SnapshotModule(
            IdOf(module.GetProperty("id")),
            module.GetProperty("version").GetInt32(),
            ReadHex(module.GetProperty("key")),
            ContentOf(module.GetProperty("content"))))];
        return modules.Length is > 0 and <= byte.MaxValue + 1 ? new SnapshotSlot(IdOf(slot.GetProperty("id")), modules) : throw Unfit($"{modules.Length} modules");
    }

    /// <summary>The text as it stood in the document.</summary>
    private static byte[] ContentOf(JsonElement content) =>
        content.ValueKind == JsonValueKind.Object ? Encoding.UTF8.GetBytes(content.GetRawText()) : throw Unfit("content that is no object");

    private static SnapshotSegment ReadSegment(JsonElement segment, ImmutableArray<int> shape, int partitions)
    {
        var id = IdOf(segment.GetProperty("id"));
        var partition = segment.GetProperty("partition").GetInt32();
        if (partition < 0 || partition >= partitions)
            throw Unfit($"partition {partition} of {partitions}");
        var match = SegmentRuleReader.Read(segment, id, (field, came, expected) => throw Unfit($"{field}: {came}, expected {expected}"));
        return new SnapshotSegment(id, partition, match, ReadOwn(segment, shape));
    }

    private static SnapshotPolicy? ReadOwn(JsonElement segment, ImmutableArray<int> shape) =>
        segment.TryGetProperty("policy", out var policy) ? ReadPolicy(policy, shape) : null;

    private static SnapshotPolicy ReadPolicy(JsonElement policy, ImmutableArray<int> shape)
    {
        var control = policy.GetProperty("control").GetDouble();
        var minPropensity = policy.GetProperty("minPropensity").GetDouble();
        if (control is not (>= 0 and <= 1) || minPropensity is not (>= 0 and <= 1))
            throw Unfit($"a control share of {control}, a least propensity of {minPropensity}");
        var combinations = ReadCombinations(policy.GetProperty("combinations").GetBytesFromBase64(), shape);
        var draws = ReadDraws(policy.GetProperty("entries").GetBytesFromBase64(), combinations);
        return new SnapshotPolicy(
            new SegmentPolicy(policy.GetProperty("policyVersion").GetInt64(), shape, draws, control, minPropensity, policy.GetProperty("isFallback").GetBoolean()),
            ReadTime(policy.GetProperty("fittedAt")));
    }

    private static ulong[] ReadCombinations(byte[] bytes, ImmutableArray<int> shape)
    {
        if (bytes.Length % shape.Length != 0)
            throw Unfit($"{bytes.Length} bytes of combinations of {shape.Length} slots");
        var combinations = new ulong[bytes.Length / shape.Length];
        for (var i = 0; i < bytes.Length; i++)
        {
            var slot = i % shape.Length;
            if (bytes[i] >= shape[slot])
                throw Unfit($"module {bytes[i]} of {shape[slot]}");
            combinations[i / shape.Length] = Combination.With(combinations[i / shape.Length], slot, bytes[i]);
        }
        return combinations;
    }

    private static ulong[] ReadDraws(byte[] bytes, ulong[] combinations)
    {
        var width = combinations.Length > byte.MaxValue + 1 ? 2 : 1;
        if (bytes.Length % width != 0)
            throw Unfit($"{bytes.Length} bytes of entries");
        var draws = new ulong[bytes.Length / width];
        for (var i = 0; i < draws.Length; i++)
        {
            var place = width == 1 ? bytes[i] : BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(i * 2));
            draws[i] = place < combinations.Length ? combinations[place] : throw Unfit($"combination {place} of {combinations.Length}");
        }
        return draws;
    }

    private static ImmutableArray<string> ReadChannels(JsonElement document) => [.. document.GetProperty("channels").EnumerateArray().Select(IdOf)];

    private static string IdOf(JsonElement element) => element.GetString() is { } id && Ids.IsValid(id) ? id : throw Unfit($"the id {element.GetRawText()}");

    private static ulong ReadHex(JsonElement element) =>
        ulong.TryParse(element.GetString(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) ? value : throw Unfit($"the number {element.GetRawText()}");

    private static long ReadTime(JsonElement element) => element.GetDateTimeOffset().ToUnixTimeMilliseconds();

    private static JsonException Unfit(string came) => new($"The policy cannot be served: came {came}.");
}
