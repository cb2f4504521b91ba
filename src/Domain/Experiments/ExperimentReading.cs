using System.Globalization;
using Flywheel.Decisions;
using Flywheel.Domain.Learning;
using Flywheel.Domain.Scoring;

namespace Flywheel.Domain.Experiments;

/// <summary>An experiment at one look: what learning gained, whether to believe it, and a sentence that says both.</summary>
/// <param name="Learned">Totals of the learned group.</param>
/// <param name="Control">Totals of the control group.</param>
/// <param name="Lift">Relative lift as <see cref="LiftSequence"/> gives it; null while there is none.</param>
/// <param name="Ratio">Whether the groups have the sizes they should.</param>
public sealed record ExperimentReading(GroupTally Learned, GroupTally Control, Interval? Lift, SampleRatio Ratio)
{
    /// <summary>Unhealthy before all; a winner or loser only where the interval leaves 0 out.</summary>
    public Verdict Verdict =>
        !Ratio.Healthy ? Verdict.Unhealthy
        : Lift is { Low: > 0 } ? Verdict.Winning
        : Lift is { High: < 0 } ? Verdict.Losing
        : Verdict.Learning;

    /// <summary>
    /// Reads segments together. Two things can break the sample ratio: decisions that do not fall into the control group as its share in
    /// force says, and impressions that do not come back from both groups alike. Each is tested; the smaller p-value counts, doubled
    /// since there are two.
    /// </summary>
    /// <param name="capMicros">The most one decision can earn, in millionths.</param>
    public static ExperimentReading Of(IReadOnlyCollection<SegmentCounts> segments, long capMicros)
    {
        // Where no type earns anything the cap is 0, and so are all rewards.
        capMicros = Math.Max(1, capMicros);
        var (learned, control, assignment) = (default(GroupTally), default(GroupTally), default(Assignment));
        foreach (var segment in segments)
        {
            learned += segment.Sum(TallySource.Learned);
            control += segment.Sum(TallySource.Control);
            assignment += segment.Assignment;
        }
        var assigned = SampleRatio.Of(
            Math.Min(assignment.Control, assignment.Decisions), assignment.Decisions, Math.Min(assignment.Decisions, assignment.ExpectedControlMicros / 1e6));
        var returned = Returned(learned, control);
        var worse = returned.PValue < assigned.PValue ? returned : assigned;
        return new ExperimentReading(
            learned,
            control,
            LiftSequence.AtEveryLook(GroupRewards.Of(learned, capMicros), GroupRewards.Of(control, capMicros)),
            worse with { PValue = Math.Min(1, 2 * worse.PValue) });
    }

    /// <summary>
    /// Of the impressions, the share that is control's should be its share of the decisions. A crash may lose decisions that were just
    /// served, and none can be judged where there are fewer decisions than impressions of them.
    /// </summary>
    private static SampleRatio Returned(GroupTally learned, GroupTally control)
    {
        var (decisions, impressions) = (learned.Decisions + control.Decisions, learned.Impressions + control.Impressions);
        return decisions == 0 || control.Decisions == 0 || learned.Decisions == 0 || impressions > decisions
            ? new SampleRatio(0, 0, 1)
            : SampleRatio.Of(control.Impressions, impressions, impressions * (control.Decisions / (double)decisions));
    }

    /// <summary>One sentence for people.</summary>
    /// <param name="language">A language tag: French for <c>fr</c> and its regions, English for every other.</param>
    public string Sentence(string language) => Wording.IsFrench(language) ? InFrench() : InEnglish();

    private string InEnglish()
    {
        var basis = string.Create(Wording.English, $"{Total.Decisions:N0} decisions ({Control.Decisions:N0} of them control) and {Total.Impressions:N0} impressions");
        string Percent(double share) => Number(share, Wording.English) + "%";
        string Signed(double share) => (share > 0 ? "+" : "") + Percent(share);
        string Range(Interval lift) => lift.High >= LiftSequence.MaxLift ? $"{Signed(lift.Low)} or more" : $"{Signed(lift.Low)} to {Signed(lift.High)}";
        return (Verdict, Lift) switch
        {
            (Verdict.Unhealthy, _) => $"These figures should not be trusted: {Percent(Ratio.Observed)} of decisions went to the control group where "
                + $"{Percent(Ratio.Expected)} should have, which is not chance ({Chance(Ratio.PValue, Wording.English)}), so decisions are lost or counted twice; seen in {basis}.",
            (Verdict.Winning, { } lift) => $"Learning earns more than the control group: {Signed(lift.Mean)} ({Range(lift)}, 95% sure at every look), based on {basis}.",
            (Verdict.Losing, { } lift) => $"Learning earns less than the control group: {Signed(lift.Mean)} ({Range(lift)}, 95% sure at every look), based on {basis}.",
            (_, { } lift) => $"It is too early to say whether learning earns more than the control group: {Signed(lift.Mean)} ({Range(lift)}, 95% sure at every look), based on {basis}.",
            _ => $"There is nothing to compare yet, with {basis}.",
        };
    }

    private string InFrench()
    {
        var basis = string.Create(Wording.French, $"{Total.Decisions:N0} décisions (dont {Control.Decisions:N0} témoins) et {Total.Impressions:N0} affichages");
        string Percent(double share) => Number(share, Wording.French) + Wording.NarrowSpace + "%";
        string Signed(double share) => (share > 0 ? "+" : "") + Percent(share);
        string Range(Interval lift) => lift.High >= LiftSequence.MaxLift ? $"{Signed(lift.Low)} ou plus" : $"de {Signed(lift.Low)} à {Signed(lift.High)}";
        var sure = $"sûr à 95{Wording.NarrowSpace}% à chaque lecture";
        return (Verdict, Lift) switch
        {
            (Verdict.Unhealthy, _) => $"Ces chiffres ne sont pas fiables\u00a0: {Percent(Ratio.Observed)} des décisions sont allées au groupe témoin au lieu de "
                + $"{Percent(Ratio.Expected)}, ce que le hasard n’explique pas ({Chance(Ratio.PValue, Wording.French)})\u00a0; des décisions sont perdues ou comptées deux fois, vu sur {basis}.",
            (Verdict.Winning, { } lift) => $"L’apprentissage rapporte plus que le groupe témoin\u00a0: {Signed(lift.Mean)} ({Range(lift)}, {sure}), d’après {basis}.",
            (Verdict.Losing, { } lift) => $"L’apprentissage rapporte moins que le groupe témoin\u00a0: {Signed(lift.Mean)} ({Range(lift)}, {sure}), d’après {basis}.",
            (_, { } lift) => $"Il est trop tôt pour dire si l’apprentissage rapporte plus que le groupe témoin\u00a0: {Signed(lift.Mean)} ({Range(lift)}, {sure}), d’après {basis}.",
            _ => $"Il n’y a encore rien à comparer, avec {basis}.",
        };
    }

    private GroupTally Total => Learned + Control;

    private static string Chance(double pValue, NumberFormatInfo format) =>
        pValue < 0.0001 ? string.Create(format, $"p < {0.0001}") : string.Create(format, $"p = {pValue:0.####}");

    /// <summary>In percent, to two or more digits; never 0 for what is not, so that no winner's interval seems to touch 0.</summary>
    private static string Number(double share, NumberFormatInfo format)
    {
        var size = Math.Abs(share * 100);
        if (size is > 0 and < 0.01)
            return Math.CopySign(Math.Max(size, 1e-6), share).ToString("0.######", format);
        return (share * 100).ToString(size >= 100 ? "N0" : size >= 1 ? "0.0" : "0.00", format);
    }
}
