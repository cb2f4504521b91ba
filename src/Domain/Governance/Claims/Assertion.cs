namespace Flywheel.Domain.Governance.Claims;

/// <summary>Something that a text asserts and that could be untrue.</summary>
/// <param name="Kind">What sort of assertion it is.</param>
/// <param name="Key">The same for what means the same in French and English: <c>30 day</c>, <c>free</c>, <c>most light</c>.</param>
/// <param name="Quote">The words of the text.</param>
/// <param name="Qualifier">What limits a figure.</param>
internal sealed record Assertion(AssertionKind Kind, string Key, string Quote, Qualifier Qualifier = Qualifier.None);
