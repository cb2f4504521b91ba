using System.Collections.Immutable;
using System.Text;
using Flywheel.Domain.Campaigns;
using Flywheel.Domain.Governance.Claims;
using Flywheel.Domain.Governance.Copy;
using Flywheel.Domain.Governance.Languages;
using Flywheel.Domain.Governance.Wording;

namespace Flywheel.Domain.Governance;

/// <summary>
/// What new messaging must never do, whoever wrote it. The rules, what each of them finds and what it misses are in <c>docs/guardrails.md</c>.
/// </summary>
public static class Guardrails
{
    /// <summary>Findings of a reviewer that count, the gravest first: a model's answer has no bound of its own.</summary>
    public const int MostReviewFindings = 64;

    private static readonly ImmutableArray<IGuardrail> All =
    [
        new LengthRule(),
        new CharactersRule(),
        new MarkupRule(),
        new ImageRule(),
        new MustSayRule(),
        new NeverSayRule(),
        new ClaimsRule(),
        new LanguageRule(),
        new DuplicateRule(),
        new ReadabilityRule(),
    ];

    /// <summary>The names of the rules, in the order in which they look.</summary>
    public static ImmutableArray<string> Rules { get; } = [.. All.Select(rule => rule.Name)];

    /// <summary>
    /// What the rules find. Content beyond <see cref="Limits.ContentBytes"/> is blocked for that alone and looked at no further; within it
    /// the work grows with the content's length times that of the brief's lists, and with the number of modules to compare with.
    /// </summary>
    /// <param name="candidate">What is proposed.</param>
    /// <param name="brief">The campaign's brief; null backs no claim and asks for nothing.</param>
    /// <param name="live">The slot's modules, without one that the candidate would replace.</param>
    /// <param name="rejected">What was refused for this slot before; the caller bounds how many.</param>
    /// <param name="pending">What waits for a decision in this slot, where that matters; the caller bounds how many.</param>
    public static ImmutableArray<Finding> Check(
        Candidate candidate, Brief? brief, ImmutableArray<Module> live, ImmutableArray<ModuleContent> rejected, ImmutableArray<ModuleContent> pending = default)
    {
        ArgumentNullException.ThrowIfNull(candidate);
        if (Encoding.UTF8.GetByteCount(candidate.Content.Json) is var bytes && bytes > Limits.ContentBytes)
            return [new Finding(LengthRule.RuleName, FindingSeverity.Block, $"content: {bytes} bytes; at most {Limits.ContentBytes}")];
        if (PassageReader.Read(candidate) is not { } passages)
            return [new Finding(LengthRule.RuleName, FindingSeverity.Block, $"content: objects and arrays too deep in each other; at most {PassageReader.MostDepth} levels")];
        var inspection = new Inspection(candidate, brief, passages, live, rejected, pending.IsDefault ? [] : pending);
        var found = ImmutableArray.CreateBuilder<Finding>();
        foreach (var rule in All)
        {
            var findings = new FindingList(rule.Name);
            rule.Inspect(inspection, findings);
            found.AddRange(findings.Findings);
        }
        return found.ToImmutable();
    }

    /// <summary>True where a text has no markup, template, code, link or address in it: where the rule <c>markup</c> would find nothing.</summary>
    public static bool IsPlain(string text) => MarkupRule.Find(text, Folded.Of(text)).Count == 0;

    /// <summary>True where the candidate must not be served.</summary>
    public static bool Blocks(ImmutableArray<Finding> findings) => findings.Any(finding => finding.Severity == FindingSeverity.Block);

    /// <summary>
    /// The findings together with a reviewer's. A reviewer adds findings, or repeats one (the same rule and text) with a higher severity;
    /// what the rules found is neither removed nor lowered.
    /// </summary>
    /// <param name="findings">What the rules found.</param>
    /// <param name="review">A reviewer's findings, of whom the <see cref="MostReviewFindings"/> gravest count.</param>
    public static ImmutableArray<Finding> Tighten(ImmutableArray<Finding> findings, IEnumerable<Finding> review)
    {
        var tightened = findings.ToBuilder();
        foreach (var verdict in review.OrderByDescending(verdict => verdict.Severity).Take(MostReviewFindings))
        {
            var known = tightened.FindIndex(finding => finding.Rule == verdict.Rule && finding.Text == verdict.Text);
            if (known < 0)
                tightened.Add(verdict);
            else if (tightened[known].Severity < verdict.Severity)
                tightened[known] = verdict;
        }
        return tightened.ToImmutable();
    }

    private static int FindIndex(this ImmutableArray<Finding>.Builder findings, Func<Finding, bool> matches)
    {
        for (var i = 0; i < findings.Count; i++)
        {
            if (matches(findings[i]))
                return i;
        }
        return -1;
    }
}
