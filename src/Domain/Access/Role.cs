namespace Flywheel.Domain.Access;

/// <summary>What the holder of an API key may do.</summary>
[Flags]
public enum Role
{
    None = 0,

    /// <summary>Decide and signal: what an ad server needs.</summary>
    Serve = 1,

    /// <summary>Read campaigns, scores, insights, proposals and history.</summary>
    Read = 2,

    /// <summary>Change campaigns and decide on messaging; reads, too.</summary>
    Operate = 4,

    /// <summary>All of its tenant; with the tenant <c>default</c>, the engine's own reports as well.</summary>
    Admin = 8,
}
