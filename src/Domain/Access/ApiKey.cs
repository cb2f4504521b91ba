namespace Flywheel.Domain.Access;

/// <summary>A key as it is kept: what it may do, and not the key itself.</summary>
/// <param name="Id">Names it in lists, in logs and when it is revoked: the first 8 hex digits of its hash.</param>
/// <param name="Tenant">Whose campaigns it is for.</param>
/// <param name="Role">One of <see cref="Roles.Names"/>.</param>
/// <param name="Sha256">Of the key's text, as 64 hex digits. The key is 256 random bits, so no slower hash would make it safer.</param>
public sealed record ApiKey(string Id, string Tenant, string Role, string Sha256)
{
    /// <summary>What it is for, in its owner's words.</summary>
    public string? Name { get; init; }

    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>From then on it is refused; null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Requests a second at each silo, 1 or more; null for no limit.</summary>
    public int? RequestsPerSecond { get; init; }
}
