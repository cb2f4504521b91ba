using System.Collections.Immutable;
using System.Globalization;
using Flywheel.Domain.Campaigns;
using Flywheel.Domain.Governance.Proposals;

namespace Flywheel.Domain.Governance;

/// <summary>
/// What a document that is put may not say, though it reads as a campaign and an older one that is stored may say it: what could not be kept,
/// and what says nothing.
/// </summary>
public static class NewDocument
{
    /// <summary>What is wrong, by field; empty for nothing.</summary>
    public static IReadOnlyList<FieldError> Check(Campaign document)
    {
        var errors = new List<FieldError>();
        if (document.Brief is { } brief)
            CheckBrief(brief, errors);
        if (document.Governance is { Mode: not GovernanceMode.Off } governance)
            CheckShares(document, governance, errors);
        return errors;
    }

    private static void CheckBrief(Brief brief, List<FieldError> errors)
    {
        if (brief.Language is { } language && string.IsNullOrWhiteSpace(language))
            errors.Add(new FieldError("brief.language", $"\"{language}\"", "a language tag such as fr or en, or no language"));
        foreach (var (name, texts) in new[] { ("tone", brief.Tone), ("mustSay", brief.MustSay), ("neverSay", brief.NeverSay), ("claims", brief.Claims) })
        {
            for (var i = 0; i < texts.Length; i++)
            {
                if (string.IsNullOrWhiteSpace(texts[i]))
                    errors.Add(new FieldError($"brief.{name}[{i}]", texts[i].Length == 0 ? "\"\"" : "nothing but blanks", "words, or an item less"));
            }
        }
    }

    private static void CheckShares(Campaign document, Domain.Campaigns.Governance governance, List<FieldError> errors)
    {
        // With one module a slot nothing can go on trial, and images are not written.
        if (Lifecycle.MaxModules(document) < 2)
            return;
        var written = document.Slots.RemoveAll(slot => slot.Kind == "image");
        CheckShare(document, written, "governance.challengerShare", governance.ChallengerShare, errors);
        if (governance is { Mode: GovernanceMode.Auto, Auto: { } auto })
            CheckShare(document, auto.Slots.IsEmpty ? written : written.RemoveAll(slot => !auto.Slots.Contains(slot.Id)), "governance.auto.share", auto.Share, errors);
    }

    private static void CheckShare(Campaign document, ImmutableArray<Slot> slots, string field, double? share, List<FieldError> errors)
    {
        if (share is not { } bound || slots.IsEmpty)
            return;
        var (slot, least) = slots.Select(slot => (Slot: slot, Part: ControlPart.OfNewcomer(document, slot))).MaxBy(each => each.Part);
        if (!ControlPart.Allows(bound, least))
            errors.Add(new FieldError(field, bound.ToString(CultureInfo.InvariantCulture), string.Create(CultureInfo.InvariantCulture,
                $"at least {Math.Ceiling(least * 10_000) / 10_000}, what the control group alone gives a new module of {slot.Id}, or a smaller policy.control")));
    }
}
