using System.Buffers;

namespace Flywheel.Decisions;

/// <summary>Ids of campaigns, slots, modules and segments: <c>[a-z0-9-]{1,64}</c>.</summary>
public static class Ids
{
    public const int MaxLength = 64;

    /// <summary>The segment that takes everyone for whom no rule matches.</summary>
    public const string DefaultSegment = "default";

    public const string Pattern = "[a-z0-9-]{1,64}";

    private static readonly SearchValues<char> Allowed = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    public static bool IsValid(ReadOnlySpan<char> id) =>
        id.Length is > 0 and <= MaxLength && !id.ContainsAnyExcept(Allowed);
}
