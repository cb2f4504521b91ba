using Flywheel.Domain.Scoring;

namespace Flywheel.Agents.Writing;

/// <summary>How a module of the slot resonates.</summary>
/// <param name="Module">Its id.</param>
/// <param name="Resonance">100 is the slot's average; 95 % interval.</param>
/// <param name="Impressions">What the estimate rests on; from 0.</param>
public sealed record ModuleResonance(string Module, Interval Resonance, long Impressions);
