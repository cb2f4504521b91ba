namespace Flywheel.Client;

/// <summary>RFC 9457, with the errors by field.</summary>
internal sealed record ProblemDocument(string? Title, string? Detail, Dictionary<string, IReadOnlyList<string>>? Errors);
