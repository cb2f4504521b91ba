using System.ComponentModel.DataAnnotations;

namespace Flywheel.Client;

/// <summary>What a guardrail or a reviewer says of a text.</summary>
/// <param name="Rule">Which rule says it.</param>
/// <param name="Severity"><c>info</c>, <c>warning</c> or <c>block</c>.</param>
/// <param name="Text">What it says.</param>
public sealed record Finding(string Rule, [property: AllowedValues("info", "warning", "block")] string Severity, string Text);
