using Flywheel.Domain.Scoring.Fatigue;
using Flywheel.Domain.Scoring.Readings;

namespace Flywheel.Domain.Scoring.Insights;

/// <summary>The sentences of insights, one method each, in two languages side by side.</summary>
internal sealed class InsightWords
{
    public static readonly InsightWords English = new(french: false);
    public static readonly InsightWords French = new(french: true);

    private readonly bool _french;

    private InsightWords(bool french) => _french = french;

    /// <param name="what">A module or an attribute.</param>
    /// <param name="basis">What it was seen from.</param>
    public string Resonates(string segment, string slot, string what, Interval resonance, string basis) => _french
        ? $"Dans {segment}, {what} résonne dans {slot}{Colon}{AgainstAverage(resonance, basis)}."
        : $"In {segment}, {what} resonates in {slot}{Colon}{AgainstAverage(resonance, basis)}.";

    public string Fades(string segment, string slot, string module, FatigueFinding faded) => _french
        ? $"Dans {segment}, {module} s’essouffle{Colon}il garde {Percent(faded.Kept.Mean)} de son taux face au reste de {slot} ({PercentRange(faded.Kept)}{Semicolon}{Count(faded.ImpressionsSince)} affichages depuis, {Count(faded.ImpressionsBefore)} avant)."
        : $"In {segment}, {module} is fading{Colon}it keeps {Percent(faded.Kept.Mean)} of its rate against the rest of {slot} ({PercentRange(faded.Kept)}{Semicolon}{Count(faded.ImpressionsSince)} impressions since, {Count(faded.ImpressionsBefore)} before).";

    public string IsNew(string slot, string module, long impressions, bool isUnknown) => _french
        ? $"{module} est nouveau dans {slot}{Colon}{Impressions(impressions)} pour l’instant{(isUnknown ? ", trop peu pour juger" : "")}."
        : $"{module} is new in {slot}{Colon}{Impressions(impressions)} so far{(isUnknown ? ", too few to judge" : "")}.";

    public string Replace(string segment, string slot, string module, FatigueFinding faded) => _french
        ? $"Remplacez {module} dans {slot} pour {segment}{Colon}il ne garde que {Percent(faded.Kept.Mean)} de son taux ({PercentRange(faded.Kept)}{Semicolon}{Impressions(faded.ImpressionsSince)})."
        : $"Replace {module} in {slot} for {segment}{Colon}it keeps only {Percent(faded.Kept.Mean)} of its rate ({PercentRange(faded.Kept)}{Semicolon}{Impressions(faded.ImpressionsSince)}).";

    public string WriteMore(string segment, string slot, AttributeReading attribute) => _french
        ? $"Écrivez davantage avec {Attribute(attribute)} dans {slot} pour {segment}{Colon}{AgainstAverage(attribute.Resonance, Basis(attribute))}."
        : $"Write more with {Attribute(attribute)} in {slot} for {segment}{Colon}{AgainstAverage(attribute.Resonance, Basis(attribute))}.";

    public string Retire(string segment, string slot, ModuleReading module) => _french
        ? $"Retirez {module.Id} de {slot}{Colon}dans {segment} il est à {AgainstAverage(module.Resonance, Impressions(module.Impressions))}, et nulle part au-dessus."
        : $"Retire {module.Id} from {slot}{Colon}in {segment} it stands at {AgainstAverage(module.Resonance, Impressions(module.Impressions))}, and nowhere above.";

    public string TrySomethingElse(string segment, SlotReading slot) => _french
        ? $"Essayez autre chose dans {slot.Id} pour {segment}{Colon}après {Impressions(slot.Impressions)}, aucun de ses {slot.Modules.Length} modules ne se détache."
        : $"Try something else in {slot.Id} for {segment}{Colon}after {Impressions(slot.Impressions)}, none of its {slot.Modules.Length} modules stands out.";

    public string Attribute(AttributeReading attribute) => attribute.Name + " " + (_french ? Wording.Quote(attribute.Value) : $"“{attribute.Value}”");

    public string Basis(AttributeReading attribute) =>
        $"{attribute.Modules.Length} {(attribute.Modules.Length == 1 ? "module" : "modules")}, {Impressions(attribute.Impressions)}";

    public string Impressions(long impressions) =>
        $"{Count(impressions)} {(_french ? "affichage" : "impression")}{(impressions == 1 || _french && impressions == 0 ? "" : "s")}";

    private string Colon => _french ? Wording.HardSpace + ": " : ": ";

    private string Semicolon => _french ? Wording.HardSpace + "; " : "; ";

    private string AgainstAverage(Interval resonance, string basis) => _french
        ? $"{Resonance(resonance.Mean)} pour une moyenne de 100 (de {Resonance(resonance.Low)} à {Resonance(resonance.High)}{Semicolon}{basis})"
        : $"{Resonance(resonance.Mean)} against an average of 100 ({Resonance(resonance.Low)} to {Resonance(resonance.High)}{Semicolon}{basis})";

    private string PercentRange(Interval share) => _french ? $"de {Percent(share.Low)} à {Percent(share.High)}" : $"{Percent(share.Low)} to {Percent(share.High)}";

    private string Resonance(double resonance) => Wording.Resonance(resonance, _french);

    private string Percent(double share) => Wording.Percent(share, _french);

    private string Count(long count) => Wording.Count(count, _french);
}
