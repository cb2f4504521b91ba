namespace Flywheel.Client;

/// <summary>Rows that are sent together, again and again under the same numbers until they are acknowledged.</summary>
internal sealed record ServedReport(string Lease, IReadOnlyList<ServedRow> Rows);
