namespace Flywheel.Domain.Governance;

/// <summary>What a rule has to say about a candidate.</summary>
/// <param name="Rule">The rule's name, one of <see cref="Guardrails.Rules"/>, or a reviewer's own.</param>
/// <param name="Severity">What follows from it.</param>
/// <param name="Text">Where, what was found, and what would be right. It quotes the candidate, so encode it for where it shows.</param>
public sealed record Finding(string Rule, FindingSeverity Severity, string Text);
