using System.Buffers.Text;
using System.Text;
using CsCheck;
using Flywheel.Decisions;

namespace Flywheel.Domain.Tests.Decisions;

public sealed class DecisionTokenTests
{
    private static readonly KeyValuePair<uint, byte[]> OldKey = Key(1, 11);
    private static readonly KeyValuePair<uint, byte[]> NewKey = Key(2, 22);
    private static readonly TokenKeys Old = new([OldKey]);
    private static readonly TokenKeys Rotated = new([NewKey, OldKey]);
    private static readonly TokenKeys New = new([NewKey]);
    private static readonly long LifetimeMs = (long)DecisionToken.Lifetime.TotalMilliseconds;

    [Fact]
    public void Read_WhatWriteToWrote_IsTheSameToken() => TokenSample.Any.ForAll(2_000, sample =>
    {
        var text = sample.Write(Old);

        Assert.Equal(TokenVerdict.Valid, TokenSample.Read(text, Old, sample.IssuedAtMs, out var read));
        Assert.Equal(sample, read);
        Assert.DoesNotContain(text, letter => letter is (byte)'+' or (byte)'/' or (byte)'=');
    });

    [Fact]
    public void WriteTo_LongestMembers_FitsTheBuffer()
    {
        var id = new string('x', 64);
        var sample = new TokenSample(ulong.MaxValue, ulong.MaxValue, (1L << 48) - 1, Group.Control, 1, ulong.MaxValue, uint.MaxValue, id, id, id, new string('F', 128));

        Assert.Equal(TokenVerdict.Valid, TokenSample.Read(sample.Write(Old), Old, sample.IssuedAtMs, out var read));
        Assert.Equal(sample, read);
    }

    [Fact]
    public void Read_AnyBitOfTheBytesFlipped_IsNotValid()
    {
        var bytes = Base64Url.DecodeFromUtf8(TokenSample.Typical.Write(Old));
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            var flipped = bytes.ToArray();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));

            Assert.True(Read(Base64Url.EncodeToUtf8(flipped)) is TokenVerdict.Forged or TokenVerdict.Malformed or TokenVerdict.UnknownKey, $"bit {bit}");
        }
    }

    /// <summary>The last letter of the text may hold bits that stand for nothing: then the decision is the same one, not another.</summary>
    [Fact]
    public void Read_AnyBitOfTheTextFlipped_IsNotValidOrTheSameDecision()
    {
        foreach (var channel in (string[])["", "e", "em"])
        {
            var text = (TokenSample.Typical with { Channel = channel }).Write(Old);
            for (var bit = 0; bit < text.Length * 8; bit++)
            {
                var flipped = text.ToArray();
                flipped[bit / 8] ^= (byte)(1 << (bit % 8));

                if (TokenSample.Read(flipped, Old, TokenSample.Typical.IssuedAtMs, out var read) == TokenVerdict.Valid)
                    Assert.Equal((bit / 8, TokenSample.Typical with { Channel = channel }), (text.Length - 1, read));
            }
        }
    }

    [Fact]
    public void Read_AnyTruncation_IsNotValid()
    {
        var text = TokenSample.Typical.Write(Old);
        for (var length = 0; length < text.Length; length++)
        {
            Assert.NotEqual(TokenVerdict.Valid, Read(text.AsSpan(0, length)));
            Assert.NotEqual(TokenVerdict.Valid, Read(text.AsSpan(text.Length - length)));
        }
    }

    [Theory]
    [InlineData(1u, 0, TokenVerdict.Valid)]
    [InlineData(1u, SigningPeriod.AllowanceMs, TokenVerdict.Valid)]
    [InlineData(1u, SigningPeriod.AllowanceMs + 1, TokenVerdict.OutsidePeriod)]
    [InlineData(2u, -SigningPeriod.AllowanceMs, TokenVerdict.Valid)]
    [InlineData(2u, -SigningPeriod.AllowanceMs - 1, TokenVerdict.OutsidePeriod)]
    public void Read_TimeAroundTheRotation_IsThatOfTheKeysOwnPeriod(uint key, long afterRotationMs, TokenVerdict expected)
    {
        var rotatedAt = TokenSample.Typical.IssuedAtMs;
        var periods = new Dictionary<uint, SigningPeriod> { [1] = new(SigningPeriod.Always.FromMs, rotatedAt), [2] = new(rotatedAt, SigningPeriod.Always.UntilMs) };
        var sample = TokenSample.Typical with { IssuedAtMs = rotatedAt + afterRotationMs };

        var text = sample.Write(key == 1 ? Old : New);

        Assert.Equal(expected, TokenSample.Read(text, new TokenKeys([NewKey, OldKey], periods), rotatedAt, out _));
        Assert.Equal(TokenVerdict.Valid, TokenSample.Read(text, Rotated, rotatedAt, out _));
    }

    [Fact]
    public void Read_UnderAnotherKey_IsUnknownOrForged()
    {
        var text = TokenSample.Typical.Write(Old);

        Assert.Equal(TokenVerdict.UnknownKey, Read(text, New));
        Assert.Equal(TokenVerdict.Forged, Read(text, new TokenKeys([Key(1, 33)])));
    }

    [Fact]
    public void Read_AfterRotation_OldKeyVerifiesAndNewSigns()
    {
        Assert.Equal(TokenVerdict.Valid, Read(TokenSample.Typical.Write(Old), Rotated));
        Assert.Equal(TokenVerdict.Valid, Read(TokenSample.Typical.Write(Rotated), New));
        Assert.Equal(TokenVerdict.UnknownKey, Read(TokenSample.Typical.Write(Rotated), Old));
    }

    [Theory]
    [InlineData(-86_400_000, TokenVerdict.Valid)]
    [InlineData(0, TokenVerdict.Valid)]
    [InlineData(31 * 86_400_000L, TokenVerdict.Valid)]
    [InlineData(31 * 86_400_000L + 1, TokenVerdict.Expired)]
    public void Read_AtThisAge_ExpiresOnlyBeyondItsLifetime(long ageMs, TokenVerdict verdict)
    {
        Assert.Equal(31 * 86_400_000L, LifetimeMs);
        Assert.Equal(verdict, TokenSample.Read(TokenSample.Typical.Write(Old), Old, TokenSample.Typical.IssuedAtMs + ageMs, out _));
    }

    [Fact]
    public void Read_RandomBytes_NeverThrowsNorIsValid() => Gen.Byte.Array[0, 800].ForAll(3_000, bytes => Assert.NotEqual(TokenVerdict.Valid, Read(bytes)));

    [Fact]
    public void Read_RandomText_NeverThrowsNorIsValid() =>
        Gen.String[Gen.Char["ABCDEFabcdef0123456789-_= %\n\t"], 0, 800].ForAll(5_000, text => Assert.NotEqual(TokenVerdict.Valid, Read(Encoding.ASCII.GetBytes(text))));

    [Fact]
    public void Read_StoredToken_StaysValid()
    {
        const string Stored =
            "AQAAAAEAAAAAAAAACQGdvXQqAAA_09cKPXCj1wAAAAAAAAAHrAKQHAZzcHJpbmcLeW91bmctdXJiYW4FZW1haWwCAAAAAAAAAAH__________x6zESvtSR5rpA53agXwC7E";

        Assert.Equal(Stored, Encoding.ASCII.GetString(TokenSample.Typical.Write(Old)));
        Assert.Equal(TokenVerdict.Valid, TokenSample.Read(Encoding.ASCII.GetBytes(Stored), Old, TokenSample.Typical.IssuedAtMs, out var read));
        Assert.Equal(TokenSample.Typical, read);
    }

    [Fact]
    public void TokenKeys_NoneOrTooShort_Throws()
    {
        Assert.Throws<ArgumentException>(() => new TokenKeys([]));
        Assert.Throws<ArgumentException>(() => new TokenKeys([new(1, new byte[TokenKeys.KeyBytes - 1])]));
    }

    private static TokenVerdict Read(ReadOnlySpan<byte> text, TokenKeys? keys = null) => TokenSample.Read(text, keys ?? Old, TokenSample.Typical.IssuedAtMs, out _);

    private static KeyValuePair<uint, byte[]> Key(uint id, byte fill) => new(id, [.. Enumerable.Repeat(fill, TokenKeys.KeyBytes)]);
}
