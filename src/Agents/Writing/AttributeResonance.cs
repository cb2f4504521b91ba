using Flywheel.Domain.Scoring;

namespace Flywheel.Agents.Writing;

/// <summary>How the modules that share an attribute resonate.</summary>
/// <param name="Name">The attribute, for instance <c>angle</c>; at most 64 characters.</param>
/// <param name="Value">Its value, for instance <c>curiosity</c>; at most 200 characters.</param>
/// <param name="Resonance">100 is the slot's average; 95 % interval.</param>
/// <param name="Impressions">What the estimate rests on; from 0.</param>
public sealed record AttributeResonance(string Name, string Value, Interval Resonance, long Impressions);
