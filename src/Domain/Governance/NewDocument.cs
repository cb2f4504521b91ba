using Flywheel.Domain.Campaigns;

namespace Flywheel.Domain.Governance;

/// <summary>What a document that is put may not say, though it reads as a campaign and an older one that is stored may say it: what says nothing.</summary>
public static class NewDocument
{
    /// <summary>What is wrong, by field; empty for nothing.</summary>
    public static IReadOnlyList<FieldError> Check(Campaign document)
    {
        var errors = new List<FieldError>();
        if (document.Brief is { } brief)
            CheckBrief(brief, errors);
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
}
