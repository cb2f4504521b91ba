using System.Globalization;
using System.Text;

namespace Flywheel.Benchmarks.Learning.Results;

/// <summary>The results as a Markdown page.</summary>
internal static class TableWriter
{
    /// <param name="rivals">Names in the order of the columns; a family without one of them has a dash.</param>
    public static string Write(RunInfo run, IReadOnlyList<string> rivals, IReadOnlyList<FamilyResult> families)
    {
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $"""
            # The learner beside its rivals

            `{run.Command}`: {run.Seeds} seeds, {run.Machine}, {run.Seconds:F0} seconds.

            Headroom captured in percent ((served − uniform) ÷ (best − uniform), in true rates), mean over a family's worlds and the seeds;
            in brackets the standard error over seeds. The rivals update after every impression, the learner only at its refits. The last
            column is the learner minus the best rival, paired by seed, with its 95 % interval; the best rival is picked from these same
            runs, which favours it. Each family's best mean is bold.

            ![The same as dots with 95 % intervals](families.svg)


            """);
        AppendRow(page, ["family", "worlds × impressions", "learner", .. rivals, "target", "best rival", "learner − best rival"]);
        AppendRow(page, ["---", "---", .. Enumerable.Repeat("--:", rivals.Count + 2), "---", "--:"]);
        foreach (var family in families)
            AppendRow(page, Cells(family, rivals));
        page.Append("""

            Rivals, each for every segment by itself except *pooled*: *Beta TS*, Thompson sampling with Beta(1,1) for each slot; *hier ×4*,
            the same with a prior centred on the segment's running rate (coefficient of variation 0.25) and counts that weigh four;
            *disc* and *window*, hier ×4 that discounts by 1 − 1/10,000 an impression of the segment or keeps the last 10,000 impressions
            of all segments; *flat*, Beta TS over whole combinations; *pooled*, hier ×4 that ignores segments; *UCB1* and *ε-greedy*
            (ε = 0.1) for each slot; *LinTS*, linear Thompson sampling with main effects. A dash stands where a rival would be the same as
            another. The worlds and their source are in [benchmarks/learning/worlds](../../benchmarks/learning/worlds/README.md).

            """);
        return page.ToString();
    }

    private static IEnumerable<string> Cells(FamilyResult family, IReadOnlyList<string> rivals)
    {
        var best = Math.Max(family.Learner.Headroom.Mean, family.BestRival.Headroom.Mean);
        var difference = family.LearnerOverBestRival;
        yield return family.Name;
        yield return string.Create(CultureInfo.InvariantCulture, $"{family.Worlds} × {family.Impressions:N0}");
        yield return Cell(family.Learner, best);
        foreach (var name in rivals)
            yield return Cell(family.Rivals.SingleOrDefault(rival => rival.Name == name), best);
        yield return family.TargetPercent?.ToString(CultureInfo.InvariantCulture) ?? "–";
        yield return family.BestRival.Name;
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"{Signed(difference.Mean)} [{Signed(difference.Mean - difference.HalfWidth)}, {Signed(difference.Mean + difference.HalfWidth)}]");
    }

    private static string Cell(Contestant? contestant, double best)
    {
        if (contestant is null)
            return "–";
        var mark = contestant.Headroom.Mean == best ? "**" : "";
        return string.Create(CultureInfo.InvariantCulture, $"{mark}{contestant.Headroom.Mean:0.0;−0.0}{mark} ({contestant.Headroom.Error:F1})");
    }

    private static string Signed(double value) => value.ToString("+0.0;−0.0;0.0", CultureInfo.InvariantCulture);

    private static void AppendRow(StringBuilder page, IEnumerable<string> cells) => page.Append("| ").AppendJoin(" | ", cells).Append(" |\n");
}
