namespace Flywheel.Silo.Tests.Operating;

/// <summary>A span as it was exported.</summary>
/// <param name="Parent">Empty for none.</param>
/// <param name="Tags">Those that are text, and the others with an empty value.</param>
internal sealed record OtlpSpan(string Trace, string Id, string Parent, string Name, IReadOnlyDictionary<string, string> Tags);
