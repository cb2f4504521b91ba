using System.Collections.Immutable;

namespace Flywheel.Domain.Scoring.Insights;

/// <summary>A sentence about a campaign, and the figures in it.</summary>
/// <param name="Sentence">One sentence, in the language it was asked for.</param>
/// <param name="Figures">All that its numbers come from; never empty.</param>
public sealed record Insight(InsightKind Kind, string Sentence, ImmutableArray<Figure> Figures);
