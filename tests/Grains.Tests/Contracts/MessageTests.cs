using System.Buffers;
using System.Text;
using Flywheel.Grains.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Orleans.Serialization.Buffers;
using Orleans.Serialization.Codecs;
using Orleans.Serialization.Session;

namespace Flywheel.Grains.Tests.Contracts;

/// <summary>
/// Silos of two versions that follow each other run side by side while they are updated, so each must read what the other writes. Golden
/// files hold what a version writes; they are never regenerated: a message that changes gets a new file, and the old one stays to be read.
/// </summary>
public sealed class MessageTests : IDisposable
{
    /// <summary>A field that no version has yet.</summary>
    private const uint FieldOfTheNextVersion = 60;

    private readonly ServiceProvider _services = new ServiceCollection().AddLogging().AddFlywheelMessages().BuildServiceProvider();

    public static TheoryData<string> Names => Messages.Names;

    private Serializer Serializer => _services.GetRequiredService<Serializer>();

    public void Dispose() => _services.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void Write_OfEachMessage_IsTheGoldenFile(string name) =>
        Assert.Equal(Convert.ToHexString(Golden(name)), Convert.ToHexString(Serializer.SerializeToArray(Messages.All[name])));

    [Theory]
    [MemberData(nameof(Names))]
    public void Read_OfTheGoldenFile_IsTheSameMessage(string name) => AssertSame(Messages.All[name], Serializer.Deserialize<object>(Golden(name)));

    /// <summary>As the version to come may write it: with a field that this one does not know.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Read_WithAFieldOfTheNextVersion_PassesItOver(string name)
    {
        var golden = Golden(name);
        var extra = new ArrayBufferWriter<byte>();
        using (var session = _services.GetRequiredService<SerializerSessionPool>().GetSession())
        {
            var writer = Writer.Create(extra, session);
            StringCodec.WriteField(ref writer, FieldOfTheNextVersion, "of the next version");
            writer.Commit();
        }
        // The last byte ends the message.
        byte[] next = [.. golden[..^1], .. extra.WrittenSpan, golden[^1]];

        AssertSame(Messages.All[name], Serializer.Deserialize<object>(next));
    }

    /// <summary>What is inside a message and of the domain travels as JSON: a member that this version does not know is passed over too.</summary>
    [Fact]
    public void Read_WithAMemberOfTheNextVersion_PassesItOver()
    {
        var golden = Golden("segment-counts-message");
        var (known, unknown) = ("\"Assignment\":{\"Decisions\":20"u8.ToArray(), "\"Assignment\":{\"Later\":12345"u8.ToArray());
        var at = golden.AsSpan().IndexOf(known);
        Assert.Equal(known.Length, unknown.Length + 1);
        byte[] next = [.. golden[..at], .. unknown, .. "6"u8, .. golden[(at + known.Length)..]];

        var read = (Abstractions.Segments.SegmentCountsMessage)Serializer.Deserialize<object>(next)!;

        Assert.Equal((0, 2, 4), (read.Counts.Assignment.Decisions, read.Counts.Assignment.Control, read.Counts.Version));
    }

    /// <summary>Before counts carried the epoch of their owner: such a message is older than any that does.</summary>
    [Theory]
    [InlineData("segment-counts-message")]
    [InlineData("segment-fit-message")]
    [InlineData("partition-status")]
    public void Read_OfTheVersionBefore_LacksOnlyWhatItDidNotHave(string name)
    {
        var read = Serializer.Deserialize<object>(Golden(name + "-before-epochs"));

        Assert.Equal(0L, read!.GetType().GetProperty("Epoch")!.GetValue(read));
        read.GetType().GetProperty("Epoch")!.SetValue(read, 1_777_000_000_000_000);
        AssertSame(Messages.All[name], read);
    }

    /// <summary>A silo that knows no reviewer yet delivers drafts without findings.</summary>
    [Fact]
    public void Read_OfADraftWithoutFindings_HasNone()
    {
        var golden = Golden("delivery");
        var at = golden.AsSpan().IndexOf("\"Findings\""u8);
        "\"Findingz\""u8.CopyTo(golden.AsSpan(at));

        var read = (Abstractions.Messaging.DeliveryMessage)Serializer.Deserialize<object>(golden)!;

        Assert.Equal([], read.Delivery.Drafts.Single().Findings);
    }

    private static byte[] Golden(string name) => Convert.FromHexString(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Contracts", $"{name}.golden"), Encoding.ASCII).ReplaceLineEndings(""));

    private void AssertSame(object expected, object? actual) =>
        Assert.Equal(Convert.ToHexString(Serializer.SerializeToArray(expected)), Convert.ToHexString(Serializer.SerializeToArray(actual)));
}
