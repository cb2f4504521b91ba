namespace Flywheel.Client;

/// <summary>Asks which variant to serve, in bytes that stay the caller's.</summary>
public readonly ref struct LocalRequest
{
    /// <summary>UTF-8; empty for none. The same unit keeps its variant while the policy would still serve it, here as at the engine.</summary>
    public ReadOnlySpan<byte> Unit { get; init; }

    /// <summary>Wins over <see cref="Context"/>; with neither, the decision is for <c>default</c>.</summary>
    public ReadOnlySpan<char> Segment { get; init; }

    /// <summary>A JSON object in UTF-8; empty for none. The texts in it that rules name are read, which allocates them.</summary>
    public ReadOnlySpan<byte> Context { get; init; }
}
