namespace Flywheel.Agents.Reviewing;

/// <summary>What a reviewer has to say about a candidate.</summary>
/// <param name="Rule"><c>reviewer-brand</c>, <c>reviewer-claims</c>, <c>reviewer-tone</c> or <c>reviewer-language</c>.</param>
/// <param name="Severity"><c>info</c>, <c>warning</c> or <c>block</c>.</param>
/// <param name="Text">For people, at most 300 characters. A model wrote it: encode it for where it shows.</param>
public sealed record ReviewFinding(string Rule, string Severity, string Text);
