namespace Flywheel.Silo.Api.Ofrep;

/// <summary>An evaluation that failed.</summary>
/// <param name="Key">The flag; null for a request about all.</param>
internal sealed record OfrepFailure(string? Key, string ErrorCode, string ErrorDetails);
