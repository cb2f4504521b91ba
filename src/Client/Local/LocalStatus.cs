namespace Flywheel.Client;

/// <summary>How a <see cref="LocalDecider"/> stands with the engine.</summary>
/// <param name="IsConnected">Whether the stream of policies is open.</param>
/// <param name="SnapshotAge">Since the engine was last heard of: how old what is served from may be.</param>
/// <param name="LeaseExpiresAt">Until when decisions can be attributed, by the engine's clock; null without a lease.</param>
/// <param name="Reported">Decisions served here that the engine has in its counts.</param>
/// <param name="Unattributed">Decisions made without a lease: they have no id, and are in no count.</param>
/// <param name="Dropped">Decisions served here that the engine refused to count, or that could not be reported in time.</param>
/// <param name="Trouble">What last went wrong; null once things work again.</param>
public sealed record LocalStatus(
    bool IsConnected, TimeSpan SnapshotAge, DateTimeOffset? LeaseExpiresAt, long Reported, long Unattributed, long Dropped, string? Trouble);
