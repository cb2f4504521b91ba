namespace Flywheel.Client;

/// <summary>A sentence with the figures it stands on.</summary>
/// <param name="Kind">What it is about. More kinds may come.</param>
/// <param name="Sentence">In the language that was asked for.</param>
/// <param name="Figures">Every figure of the sentence.</param>
public sealed record Insight(string Kind, string Sentence, IReadOnlyList<Figure> Figures);
