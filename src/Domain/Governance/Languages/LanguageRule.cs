using Flywheel.Domain.Governance.Copy;

namespace Flywheel.Domain.Governance.Languages;

/// <summary>Copy is in the brief's language. It blocks only where the text is surely in another one, and says so where it can't tell.</summary>
internal sealed class LanguageRule : IGuardrail
{
    public string Name => "language";

    public void Inspect(Inspection inspection, FindingList findings)
    {
        if (inspection.Brief?.Language is not { } asked || string.IsNullOrWhiteSpace(asked))
            return;
        var expected = Parse(asked);
        foreach (var passage in inspection.Copy.Where(passage => !passage.IsNumber && passage.Text.Length > 0))
        {
            var guess = LanguageGuess.Of(passage.Folded);
            if (guess.IsForeignScript && (expected is not null || UsesLatin(asked)))
                findings.Block(passage.Field, "another script than Latin", $"the brief's language, {asked}");
            else if (guess.Sure is { } language && language != expected)
                findings.Block(passage.Field, $"{language}", $"the brief's language, {asked}");
            else if (guess.Sure is null && guess.Words < LanguageGuess.FewestWords)
                findings.Inform(passage.Field, "too short to tell its language");
            else if (guess.Sure is null)
                findings.Inform(passage.Field, "its language can't be told");
        }
    }

    /// <summary>The language of a tag such as <c>fr-CA</c>, or of a name in English or in itself; null where it is none of those told apart.</summary>
    private static Language? Parse(string language) => Subtag(language) switch
    {
        "en" or "eng" or "english" or "anglais" => Language.English,
        "fr" or "fra" or "fre" or "french" or "francais" => Language.French,
        "de" or "deu" or "ger" or "german" or "deutsch" or "allemand" => Language.German,
        "es" or "spa" or "spanish" or "espanol" or "espagnol" => Language.Spanish,
        "it" or "ita" or "italian" or "italiano" or "italien" => Language.Italian,
        "pt" or "por" or "portuguese" or "portugues" or "portugais" => Language.Portuguese,
        "nl" or "nld" or "dut" or "dutch" or "nederlands" or "neerlandais" => Language.Dutch,
        _ => null,
    };

    /// <summary>True for other languages that are written in Latin letters for certain.</summary>
    private static bool UsesLatin(string language) =>
        Subtag(language) is "sv" or "da" or "no" or "nb" or "nn" or "fi" or "pl" or "cs" or "sk" or "hu" or "ro" or "tr" or "ca" or "eu" or "gl" or "ga" or "cy" or "et" or "lv" or "lt" or "hr" or "sl" or "vi" or "id" or "ms";

    private static string Subtag(string language) => Folded.Of(language).Words is [var first, ..] ? first : "";
}
