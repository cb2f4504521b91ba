using System.Buffers;

namespace Flywheel.Domain.Campaigns;

/// <summary>Names of signal types: <c>impression</c>, <c>click</c>, <c>conversion</c>, or the caller's own.</summary>
public static class SignalTypes
{
    public const string Impression = "impression";
    public const string Pattern = "[A-Za-z0-9_.-]{1,64}";

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-");

    public static bool IsValid(ReadOnlySpan<char> type) => type.Length is > 0 and <= 64 && !type.ContainsAnyExcept(Allowed);
}
