using System.Collections.Immutable;
using Flywheel.Agents.Writing;
using Flywheel.Decisions;
using Flywheel.Domain.Campaigns;
using Flywheel.Domain.Governance;

namespace Flywheel.Agents.Offline;

/// <summary>What of a brief can be said, and how.</summary>
internal sealed record BriefParts
{
    /// <summary>Claims that texts are made from; of more, the seed takes some.</summary>
    private const int MaxClaims = 12;

    public string? Brand { get; private init; }

    /// <summary>In the language of the request: of a brief in another language claims are left alone.</summary>
    public ImmutableArray<string> Claims { get; private init; } = [];

    /// <summary>Part of every text, as it was written.</summary>
    public ImmutableArray<string> MustSay { get; private init; } = [];

    public Intent Intent { get; private init; }

    public Tone Tones { get; private init; }

    /// <summary>True where French says <c>tu</c>: the tone asks for it, or the slot's modules do.</summary>
    public bool Informal { get; private init; }

    public static BriefParts Of(WritingRequest request, SlotText slot)
    {
        var sayTu = Vocabulary.SayTu(slot.Texts);
        if (request.Brief is not { } brief)
            return new BriefParts { Informal = sayTu };
        var speaks = brief.Language is null || LanguageTags.Read(brief.Language) == request.Language;
        var tones = brief.Tone.Aggregate(Tone.None, (all, tone) => all | Vocabulary.TonesOf(tone));
        return new BriefParts
        {
            Brand = IsCopy(brief.Brand) ? brief.Brand!.Trim() : null,
            Claims = speaks ? ClaimsOf(brief, request.Seed) : [],
            MustSay = [.. brief.MustSay.Select(text => text.Trim()).Where(text => text.Length > 0).Distinct(StringComparer.Ordinal)],
            Intent = Vocabulary.IntentOf(brief.Objective ?? ""),
            Tones = tones,
            Informal = !tones.HasFlag(Tone.Formal) && (sayTu || brief.Tone.Any(Vocabulary.IsInformal)),
        };
    }

    /// <summary>A claim's full stop belongs to the sentence that it comes to stand in.</summary>
    private static ImmutableArray<string> ClaimsOf(Brief brief, ulong seed) =>
        [.. brief.Claims.Where(IsCopy)
            .Select(claim => claim.Trim())
            .Select(claim => claim.EndsWith('.') && !claim.EndsWith("..", StringComparison.Ordinal) ? claim[..^1] : claim)
            .Where(claim => claim.Length > 0)
            .Distinct(StringComparer.Ordinal)
            .OrderBy(claim => Mixing.Of(claim, seed))
            .Take(MaxClaims)];

    /// <summary>Text of one line, without the markup, templates and links that the guardrails block.</summary>
    private static bool IsCopy(string? text) => !string.IsNullOrWhiteSpace(text)
        && !text.Any(char.IsControl)
        && text.IndexOfAny(['<', '>']) < 0
        && Guardrails.IsPlain(text);
}
