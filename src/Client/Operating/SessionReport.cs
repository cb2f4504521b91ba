namespace Flywheel.Client;

/// <summary>Whose credential a request had.</summary>
/// <param name="NeedsKey">Whether this engine asks for credentials at all.</param>
/// <param name="Tenant">Whose campaigns it sees.</param>
/// <param name="Role">serve, read, operate or admin.</param>
public sealed record SessionReport(bool NeedsKey, string Tenant, string Role);
