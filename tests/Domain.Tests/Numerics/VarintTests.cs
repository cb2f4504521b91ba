using CsCheck;
using Flywheel.Decisions;

namespace Flywheel.Domain.Tests.Numerics;

public sealed class VarintTests
{
    [Fact]
    public void TryRead_WhatWriteWrote_IsTheSameNumberAndLeavesTheRest() => Gen.Select(Gen.ULong, Gen.Int[0, 63]).ForAll(5_000, (Action<(ulong, int)>)(sample =>
    {
        var value = sample.Item1 >> sample.Item2;
        var bytes = new byte[Varint.MaxBytes + 1];
        var length = Varint.Write(bytes, value);
        bytes[length] = 0xAB;
        ReadOnlySpan<byte> rest = bytes.AsSpan(0, length + 1);

        Assert.True(Varint.TryRead(ref rest, out var read));
        Assert.Equal((value, 1, (byte)0xAB), (read, rest.Length, rest[0]));
    }));

    [Theory]
    [InlineData(0UL, 1)]
    [InlineData(127UL, 1)]
    [InlineData(128UL, 2)]
    [InlineData(16_383UL, 2)]
    [InlineData(16_384UL, 3)]
    [InlineData(ulong.MaxValue, 10)]
    public void Write_AtEachEdge_TakesSevenBitsAByte(ulong value, int length) => Assert.Equal(length, Varint.Write(new byte[Varint.MaxBytes], value));

    [Theory]
    [InlineData("")]
    [InlineData("80")]
    [InlineData("FFFFFFFFFFFFFFFFFF")]
    [InlineData("80808080808080808080")]
    [InlineData("8080808080808080808000")]
    [InlineData("FFFFFFFFFFFFFFFFFFFFFF01")]
    public void TryRead_CutOrOverlong_IsRefusedAndTakesNothing(string hex)
    {
        ReadOnlySpan<byte> rest = Convert.FromHexString(hex);

        Assert.False(Varint.TryRead(ref rest, out _));
        Assert.Equal(hex.Length / 2, rest.Length);
    }

    [Fact]
    public void Write_StoredForm_NeverChanges()
    {
        var bytes = new byte[Varint.MaxBytes];

        Assert.Equal("AC02", Convert.ToHexString(bytes, 0, Varint.Write(bytes, 300)));
    }
}
