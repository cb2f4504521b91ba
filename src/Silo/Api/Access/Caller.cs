using Flywheel.Domain.Access;

namespace Flywheel.Silo.Api.Access;

/// <summary>On whose behalf a request comes, and what it may do.</summary>
/// <param name="Name">Names the credential in logs and limits; never the credential itself.</param>
/// <param name="Tenant">Whose campaigns it sees.</param>
/// <param name="Role">All that it may do.</param>
internal sealed record Caller(string Name, string Tenant, Role Role)
{
    /// <summary>The role's name, as people gave it.</summary>
    public string RoleName { get; init; } = "";

    /// <summary>Requests a second at this silo; null for no limit.</summary>
    public int? RequestsPerSecond { get; init; }

    /// <summary>Who shares those requests with it: one of a bounded number of names.</summary>
    public string LimitedAs { get; init; } = Name;

    /// <summary>Until when its credential holds; null for ever.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}
