using System.Buffers.Text;
using System.Text;
using Flywheel.Decisions;

namespace Flywheel.Domain.Tests.Decisions;

/// <summary>Who holds a lease signs decisions of its own issuer, campaign, counters and time, and nothing else.</summary>
public sealed class LeaseTests
{
    private const ulong Bound = 1_000;

    /// <summary>In the year 9999: leases end before.</summary>
    private const long LatestMs = 253_370_000_000_000;

    private static readonly TokenSample Typical = TokenSample.Typical with { Counter = Bound - 1 };
    private static readonly TokenKeys Keys = new([Key(1, 11)]);
    private static readonly TokenLease Lease = LeaseOf(Typical.IssuedAtMs + 3_600_000);

    [Fact]
    public void Read_WhatALeaseSigned_IsTheSameTokenUnderTheLeasesIssuer() => TokenSample.Any.ForAll(1_000, any =>
    {
        var sample = any with { IssuedAtMs = any.IssuedAtMs % LatestMs };
        var lease = Keys.Grant(sample.Campaign, sample.Incarnation, ulong.MaxValue, sample.IssuedAtMs + 1_000);
        var fits = sample with { Counter = sample.Counter / 2, Propensity = Math.Max(sample.Propensity, 1e-9), WindowSeconds = sample.WindowSeconds % 2_592_001 };
        var text = fits.Write(lease);

        Assert.Equal(TokenVerdict.Valid, TokenSample.Read(text, Keys, sample.IssuedAtMs, out var read));
        Assert.Equal(fits with { Issuer = lease.Issuer }, read);
        Assert.True(DecisionToken.ClaimsLease(text));
    });

    [Fact]
    public void WriteTo_LongestMembers_FitsTheBuffer()
    {
        var id = new string('x', 64);
        var sample = Typical with { Counter = ulong.MaxValue - 1, Campaign = id, Segment = id, Channel = id, ModuleKeys = new string('F', 128), WindowSeconds = 2_592_000 };

        Assert.Equal(TokenVerdict.Valid, TokenSample.Read(sample.Write(Keys.Grant(id, 7, ulong.MaxValue, Typical.IssuedAtMs)), Keys, sample.IssuedAtMs, out _));
    }

    [Fact]
    public void Read_AnyBitOfTheBytesFlipped_IsNotValid()
    {
        var bytes = Base64Url.DecodeFromUtf8(Typical.Write(Lease));
        Assert.Equal(TokenVerdict.Valid, Verdict(Base64Url.EncodeToUtf8(bytes)));
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            var flipped = bytes.ToArray();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));

            Assert.True(Verdict(Base64Url.EncodeToUtf8(flipped)) is TokenVerdict.Forged or TokenVerdict.Malformed or TokenVerdict.UnknownKey, $"bit {bit}");
        }
    }

    [Theory]
    [InlineData(0, TokenVerdict.Valid)]
    [InlineData(Bound - 1, TokenVerdict.Valid)]
    [InlineData(Bound, TokenVerdict.BeyondLease)]
    [InlineData(ulong.MaxValue, TokenVerdict.BeyondLease)]
    public void Read_Counter_IsBelowTheLeasesBound(ulong counter, TokenVerdict verdict) => Assert.Equal(verdict, Verdict((Typical with { Counter = counter }).Write(Lease)));

    [Theory]
    [InlineData(3_600_000, TokenVerdict.Valid)]
    [InlineData(3_660_000, TokenVerdict.Valid)]
    [InlineData(3_660_001, TokenVerdict.BeyondLease)]
    public void Read_SignedAfterTheLeasesEnd_IsNotValidBeyondAMinute(long afterMs, TokenVerdict verdict)
    {
        var sample = Typical with { IssuedAtMs = Typical.IssuedAtMs + afterMs };

        Assert.Equal(verdict, TokenSample.Read(sample.Write(Lease), Keys, sample.IssuedAtMs, out _));
    }

    /// <summary>A lease that was given before the rotation is good to its end; one that says it was given after it is not of the engine.</summary>
    [Theory]
    [InlineData(0, TokenVerdict.Valid)]
    [InlineData(SigningPeriod.AllowanceMs, TokenVerdict.Valid)]
    [InlineData(SigningPeriod.AllowanceMs + 1_000, TokenVerdict.OutsidePeriod)]
    public void Read_LeaseGivenAroundTheRotation_IsThatOfItsKeysPeriod(long givenAfterMs, TokenVerdict verdict)
    {
        var keys = new TokenKeys([Key(1, 11)], new Dictionary<uint, SigningPeriod> { [1] = new(SigningPeriod.Always.FromMs, Typical.IssuedAtMs) });
        var lease = LeaseOf(Typical.IssuedAtMs + givenAfterMs + (long)TokenLease.Life.TotalMilliseconds);
        var atItsEnd = Typical with { IssuedAtMs = lease.ExpiresAtMs };

        Assert.Equal(verdict, TokenSample.Read(atItsEnd.Write(lease), keys, atItsEnd.IssuedAtMs, out _));
        Assert.Equal(verdict == TokenVerdict.Valid, keys.ReadLease(Keys.Write(lease)) is not null);
    }

    [Fact]
    public void Read_LongAfterTheLeasesEnd_StaysValidForItsDecisions() =>
        Assert.Equal(TokenVerdict.Valid, TokenSample.Read(Typical.Write(Lease), Keys, Typical.IssuedAtMs + (long)TimeSpan.FromDays(30).TotalMilliseconds, out _));

    [Theory]
    [InlineData(0)]
    [InlineData(-0.5)]
    [InlineData(1.001)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Read_PropensityThatNoDecisionHas_IsBeyondTheLease(double propensity) =>
        Assert.Equal(TokenVerdict.BeyondLease, Verdict((Typical with { Propensity = propensity }).Write(Lease)));

    [Fact]
    public void Read_WindowOrModulesThatNoDecisionHas_IsBeyondTheLease()
    {
        Assert.Equal(TokenVerdict.BeyondLease, Verdict((Typical with { WindowSeconds = 2_592_001 }).Write(Lease)));
        Assert.Equal(TokenVerdict.BeyondLease, Verdict((Typical with { ModuleKeys = "" }).Write(Lease)));
        Assert.Equal(TokenVerdict.BeyondLease, Verdict((Typical with { ModuleKeys = new string('F', 9 * 16) }).Write(Lease)));
    }

    /// <summary>Every member of the lease is in its key: one that is made larger by who holds it signs nothing.</summary>
    [Fact]
    public void Read_UnderALeaseThatWasChanged_IsForged()
    {
        TokenLease[] changed =
        [
            Lease with { Counters = Bound + 1 },
            Lease with { ExpiresAtMs = Lease.ExpiresAtMs + 1_000 },
            Lease with { Issuer = Lease.Issuer + 1 },
            Lease with { Incarnation = Lease.Incarnation + 1 },
        ];
        Assert.All(changed, lease => Assert.Equal(TokenVerdict.Forged, Verdict(Typical.Write(lease))));
        // The genuine one is remembered by now, and still nothing else passes for it.
        Assert.Equal(TokenVerdict.Valid, Verdict(Typical.Write(Lease)));
        Assert.All(changed, lease => Assert.Equal(TokenVerdict.Forged, Verdict(Typical.Write(lease))));
    }

    [Fact]
    public void Read_TokenOfTheEngineSignedWithALeasesKey_IsForged() =>
        Assert.Equal(TokenVerdict.Forged, Verdict(Typical.Write(new TokenKeys([new(1, Lease.Key)]))));

    [Fact]
    public void Grant_Twice_GivesOtherIssuersAndKeys()
    {
        var (first, second) = (LeaseOf(1_000_500), LeaseOf(1_000_500));

        Assert.NotEqual(first.Issuer, second.Issuer);
        Assert.NotEqual(first.Key, second.Key);
        Assert.Equal((32, 1_000_000), (first.Key.Length, first.ExpiresAtMs));
        Assert.DoesNotContain(Convert.ToHexString(first.Key), first.ToString(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void ReadLease_WhatWriteWrote_IsTheSameLeaseAfterRotationToo()
    {
        var rotated = new TokenKeys([Key(2, 22), Key(1, 11)]);
        foreach (var keys in (TokenKeys[])[Keys, rotated])
        {
            var read = keys.ReadLease(Keys.Write(Lease))!;

            Assert.Equal(Lease with { Key = read.Key }, read);
            Assert.Equal(Lease.Key, read.Key);
            Assert.Equal(TokenVerdict.Valid, TokenSample.Read(Typical.Write(read), keys, Typical.IssuedAtMs, out _));
        }
        Assert.Null(new TokenKeys([Key(2, 22)]).ReadLease(Keys.Write(Lease)));
    }

    [Fact]
    public void ReadLease_ChangedCutOrNoLease_IsNull()
    {
        var bytes = Base64Url.DecodeFromChars(Keys.Write(Lease));
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            var flipped = bytes.ToArray();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Null(Keys.ReadLease(Base64Url.EncodeToString(flipped)));
        }
        for (var length = 0; length < bytes.Length; length++)
            Assert.Null(Keys.ReadLease(Base64Url.EncodeToString(bytes.AsSpan(0, length))));
        Assert.Null(Keys.ReadLease(Encoding.ASCII.GetString(Typical.Write(Keys))));
        Assert.Null(Keys.ReadLease(new string('A', 10_000)));
        Assert.NotEqual(TokenVerdict.Valid, Verdict(Encoding.ASCII.GetBytes(Keys.Write(Lease))));
    }

    /// <summary>Tokens live for a month, so the format and the derivation of keys never change.</summary>
    [Fact]
    public void Read_StoredLeasedToken_StaysValid()
    {
        const string Stored =
            "AgAAAAEBAgMEBQYHCAGdvXQqAAA_09cKPXCj1wAAAAAAAAAH5weQHOgH0NirzwYGc3ByaW5nC3lvdW5nLXVyYmFuBWVtYWlsAgAAAAAAAAAB__________8bNUapZoMN8tnHfY3rystT";
        var lease = new TokenLease(1, "spring", 7, 0x0102030405060708, Bound, 1_777_003_600_000, Convert.FromHexString("5AFA3DE482834C77F094CBC4AE897C6618DB9C88D66D6CEBB27204AF4688B498"));

        Assert.Equal(Stored, Encoding.ASCII.GetString(Typical.Write(lease)));
        Assert.Equal(TokenVerdict.Valid, TokenSample.Read(Encoding.ASCII.GetBytes(Stored), Keys, Typical.IssuedAtMs, out var read));
        Assert.Equal(Typical with { Issuer = lease.Issuer }, read);
    }

    private static TokenLease LeaseOf(long expiresAtMs) => Keys.Grant("spring", 7, Bound, expiresAtMs);

    private static TokenVerdict Verdict(ReadOnlySpan<byte> text) => TokenSample.Read(text, Keys, Typical.IssuedAtMs, out _);

    private static KeyValuePair<uint, byte[]> Key(uint id, byte fill) => new(id, [.. Enumerable.Repeat(fill, TokenKeys.KeyBytes)]);
}
