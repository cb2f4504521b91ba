using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Flywheel.Decisions;
using Flywheel.Domain.Campaigns;
using Flywheel.Domain.Tests.Campaigns;
using Flywheel.Domain.Tests.Learning;

namespace Flywheel.Domain.Tests.Decisions;

/// <summary>What a client reads chooses as the engine does, to the bit.</summary>
public sealed class PolicySnapshotTests
{
    private const long AtMs = 1_777_000_000_123;

    [Fact]
    public void Read_WhatWasWritten_ChoosesTheSameForEveryRandomNumber() => PolicyCase.Any.ForAll(500, sample =>
    {
        var read = RoundTrip(SnapshotOf(sample.Shape, new SnapshotPolicy(sample.Policy, AtMs))).Segments[0].Own!;

        Assert.Equal((AtMs, sample.Policy.Version, sample.Policy.IsFallback), (read.FittedAtMs, read.Policy.Version, read.Policy.IsFallback));
        AssertSame(sample.Policy, read.Policy, Randoms.Bits(seed: 3, 300));
    });

    [Fact]
    public void Read_MoreCombinationsThanAByteTells_ChoosesTheSame()
    {
        var random = new Random(5);
        ImmutableArray<int> shape = [32, 32, 32];
        var draws = Enumerable.Range(0, SegmentPolicy.Entries).Select(_ => Combination.With(Combination.With((ulong)random.Next(32), 1, random.Next(32)), 2, random.Next(32))).ToArray();
        var policy = new SegmentPolicy(9, shape, draws, 0.05, 1e-6);
        Assert.True(policy.DistinctCombinations > 256);

        AssertSame(policy, RoundTrip(SnapshotOf(shape, new SnapshotPolicy(policy, AtMs))).Segments[0].Own!.Policy, Randoms.Bits(seed: 4, 10_000));
    }

    [Fact]
    public void Read_Uniform_StaysAFallback()
    {
        var policy = SegmentPolicy.Uniform([3, 2], 0.1, version: 4);

        var read = RoundTrip(SnapshotOf([3, 2], new SnapshotPolicy(policy, AtMs))).Segments[0].Own!.Policy;

        Assert.True(read.IsFallback);
        AssertSame(policy, read, Randoms.Bits(seed: 6, 1_000));
    }

    [Fact]
    public void Write_ATableOf4096Entries_TakesAboutFiveAndAHalfKilobytes()
    {
        var draws = Enumerable.Range(0, SegmentPolicy.Entries).Select(entry => (ulong)(entry % 8)).ToArray();
        var with = Write(SnapshotOf([8], new SnapshotPolicy(new SegmentPolicy(1, [8], draws, 0.05, 0), AtMs))).Length;
        var without = Write(SnapshotOf([8], null)).Length;

        Assert.InRange(with - without, 5_464, 5_800);
    }

    [Fact]
    public void Read_WholeSnapshot_HasEveryMember()
    {
        var document = Documents.Read(Documents.With("""
            "segments":[{"id":"young","match":{"age":{"gte":18,"lt":30},"city":["Paris","Lyon"],"returning":true}},{"id":"named"}]
            """)).Segments;
        var snapshot = SnapshotOf([2, 1], new SnapshotPolicy(SegmentPolicy.Uniform([2, 1], 0.05), AtMs), [.. document.Select(segment => segment.Match)]);

        var read = RoundTrip(snapshot);

        Assert.Equal(
            (snapshot.Campaign, snapshot.Incarnation, snapshot.IsLive, snapshot.AsOfMs, snapshot.WindowSeconds, snapshot.Partitions),
            (read.Campaign, read.Incarnation, read.IsLive, read.AsOfMs, read.WindowSeconds, read.Partitions));
        Assert.Equal(snapshot.Channels, read.Channels);
        Assert.Equal(["s0", "s1"], read.Slots.Select(slot => slot.Id));
        Assert.Equal(snapshot.Slots.SelectMany(slot => slot.Modules).Select(Flat), read.Slots.SelectMany(slot => slot.Modules).Select(Flat));
        Assert.Equal(["seg-0", "seg-1", "default"], read.Segments.Select(segment => segment.Id));
        Assert.Equal([0, 1, 2], read.Segments.Select(segment => segment.Partition));
        Assert.Null(read.Segments[^1].Own);
        foreach (var context in (string[])["""{"age":20,"city":"Lyon","returning":true}""", """{"age":30,"city":"Lyon","returning":true}""", "{}"])
            Assert.Equal(snapshot.Matcher.Match(Encoding.UTF8.GetBytes(context), out _), read.Matcher.Match(Encoding.UTF8.GetBytes(context), out _));
        Assert.Equal(0, read.Matcher.Match("""{"age":20,"city":"Lyon","returning":true}"""u8, out _));
        Assert.Equal((1, -1), (read.PlaceOf("seg-1"), read.PlaceOf("nobody")));
    }

    [Fact]
    public void ReadSegments_ChangedOnes_LeavesTheRestAsItIs()
    {
        var before = SnapshotOf([3], new SnapshotPolicy(SegmentPolicy.Uniform([3], 0.1), AtMs), [[], []]);
        var newer = new SnapshotPolicy(new SegmentPolicy(7, [3], [2UL, 2UL, 1UL], 0.1, 0), AtMs + 5);
        var after = before.With(before.Segments.SetItem(1, before.Segments[1] with { Own = newer }), ["email", "push"], AtMs + 5);

        var read = PolicySnapshotReader.ReadSegments(Changes(after, [after.Segments[1]]), before)!;

        Assert.Same(before.Segments[0], read.Segments[0]);
        Assert.Equal((7, AtMs + 5), (read.Segments[1].Own!.Policy.Version, read.Segments[1].Own!.FittedAtMs));
        Assert.Equal(["email", "push"], read.Channels);
        Assert.Equal(AtMs + 5, read.AsOfMs);
        AssertSame(newer.Policy, read.Segments[1].Own!.Policy, Randoms.Bits(seed: 8, 500));
    }

    [Fact]
    public void ReadSegments_OfAnotherLifeOrUnknown_IsNull()
    {
        var snapshot = SnapshotOf([3], null);
        var other = SnapshotOf([3], null, incarnation: 8);
        var changed = new SnapshotSegment("stranger", 0, [], null);

        Assert.Null(PolicySnapshotReader.ReadSegments(Changes(other, other.Segments), snapshot));
        Assert.Null(PolicySnapshotReader.ReadSegments(Changes(snapshot, [changed]), snapshot));
    }

    [Theory]
    [InlineData("\"partitions\":16", "\"partitions\":65")]
    [InlineData("\"partition\":0", "\"partition\":16")]
    [InlineData("\"control\":0.1", "\"control\":1.5")]
    [InlineData("\"control\":0.1", "\"control\":\"x\"")]
    [InlineData("\"combinations\":\"AA==\"", "\"combinations\":\"Aw==\"")]
    [InlineData("\"combinations\":\"AA==\"", "\"combinations\":\"\"")]
    [InlineData("\"entries\":\"AA==\"", "\"entries\":\"AQ==\"")]
    [InlineData("\"entries\":\"AA==\"", "\"entries\":\"\"")]
    [InlineData("\"slots\"", "\"slits\"")]
    [InlineData("\"id\":\"s0\"", "\"id\":\"S0\"")]
    [InlineData("\"version\":1", "\"version\":1.5")]
    [InlineData("{", "")]
    public void Read_WhatCannotBeServed_SaysSo(string part, string instead)
    {
        var text = Encoding.UTF8.GetString(Write(SnapshotOf([3], new SnapshotPolicy(SegmentPolicy.Uniform([3], 0.1), AtMs))));
        Assert.Contains(part, text, StringComparison.Ordinal);

        Assert.ThrowsAny<JsonException>(() => PolicySnapshotReader.Read(Encoding.UTF8.GetBytes(text.Replace(part, instead, StringComparison.Ordinal))));
    }

    [Fact]
    public void Read_AnyTruncation_SaysSo()
    {
        var document = Write(SnapshotOf([3], null));
        for (var length = 0; length < document.Length; length++)
            Assert.ThrowsAny<JsonException>(() => PolicySnapshotReader.Read(document.AsMemory(0, length)));
    }

    private static (string, int, ulong, string) Flat(SnapshotModule module) => (module.Id, module.Version, module.Key, Encoding.UTF8.GetString(module.Content.Span));

    private static void AssertSame(SegmentPolicy expected, SegmentPolicy actual, ulong[] randoms)
    {
        Assert.Equal(expected.Draws(), actual.Draws());
        Assert.All(randoms, random =>
        {
            var (left, right) = (expected.Choose(random), actual.Choose(random));
            Assert.Equal((left.Combination, left.Group, BitConverter.DoubleToInt64Bits(left.Propensity)), (right.Combination, right.Group, BitConverter.DoubleToInt64Bits(right.Propensity)));
        });
    }

    private static PolicySnapshot RoundTrip(PolicySnapshot snapshot) => PolicySnapshotReader.Read(Write(snapshot));

    private static PolicySnapshot SnapshotOf(
        ImmutableArray<int> shape, SnapshotPolicy? own, ImmutableArray<ImmutableArray<SegmentCondition>>? matches = null, ulong incarnation = 7)
    {
        var slots = shape.Select((modules, s) => new SnapshotSlot($"s{s}", [.. Enumerable.Range(0, modules).Select(m =>
            new SnapshotModule($"m{m}", m + 1, ulong.MaxValue - (ulong)m, Encoding.UTF8.GetBytes($$"""{"text":"é <{{m}}> \"quoted\""}""")))]));
        var segments = (matches ?? [[]]).Select((match, place) => new SnapshotSegment($"seg-{place}", place, match, own)).ToList();
        return new PolicySnapshot([.. slots], [.. segments, new SnapshotSegment(Ids.DefaultSegment, segments.Count, [], null)])
        {
            Campaign = "spring",
            Incarnation = incarnation,
            IsLive = true,
            AsOfMs = AtMs,
            WindowSeconds = 3_600,
            Partitions = 16,
            Channels = ["email"],
            Prior = new SnapshotPolicy(SegmentPolicy.Uniform(shape, 0.1), AtMs),
        };
    }

    private static byte[] Write(PolicySnapshot snapshot) => Write(json => PolicySnapshotWriter.Write(json, snapshot));

    private static byte[] Changes(PolicySnapshot snapshot, IEnumerable<SnapshotSegment> changed) => Write(json => PolicySnapshotWriter.WriteSegments(json, snapshot, changed));

    private static byte[] Write(Action<Utf8JsonWriter> write)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes, JsonText.Compact))
            write(json);
        return bytes.WrittenSpan.ToArray();
    }
}
