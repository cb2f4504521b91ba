using System.Text;
using Flywheel.Agents.Writing;
using Flywheel.Domain.Campaigns;

namespace Flywheel.Agents.Offline;

/// <summary>
/// Writes without a model and without a network: it puts the brief's brand and claims into the patterns of a small grammar, in French or
/// English. The same request gives the same texts. Every text holds all of <c>mustSay</c>, fits the slot, holds nothing of <c>neverSay</c>
/// and claims nothing that the brief does not. What people wrote in the brief stands as they wrote it.
/// </summary>
public sealed class OfflineWriter : IMessageWriter
{
    public string Name => "offline";

    public WritingUsage MostUsage => WritingUsage.None;

    public Task<WritingResult> WriteAsync(WritingRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(Write(request));
    }

    private static WritingResult Write(WritingRequest request)
    {
        if (SlotText.Of(request.Slot, out var refusal) is not { } slot)
            return Nothing(refusal!);
        var parts = BriefParts.Of(request, slot);
        var mustSay = string.Join(" ", parts.MustSay);
        var banned = new BannedWords(request.Brief?.NeverSay ?? []);
        if (Obstacle(slot, mustSay, banned) is { } obstacle)
            return Nothing(obstacle);
        var frame = Frame.Of(request.Slot, slot, SlotText.Length(mustSay));
        var wishes = Wishes.Of(request);
        var drafts = Acceptable(request, slot, banned, InTone(new Composer(GrammarOf(request.Language), parts, frame).Drafts(), parts.Tones | wishes.Tone));
        var chosen = new Chooser(request, frame.Role, parts.Tones).Choose(drafts, wishes, out var missed);
        var names = new AttributeNames(request);
        return new WritingResult
        {
            Writer = WriterKind.Offline,
            Candidates = [.. chosen.Select(draft => new Candidate(slot.ContentOf(draft.Text), names.Of(draft.Pattern, TonesOf(draft, parts.Tones | wishes.Tone))))],
            Note = NoteOn(request, chosen.Length, frame, wishes, missed),
        };
    }

    /// <summary>Why no text at all can be right.</summary>
    private static string? Obstacle(SlotText slot, string mustSay, BannedWords banned)
    {
        if (banned.In(mustSay) is { } phrase)
            return $"mustSay holds \"{phrase}\", which neverSay forbids: no text can satisfy both";
        var needed = SlotText.Length(mustSay);
        return needed > slot.MaxLength ? $"mustSay alone takes {needed} characters; the slot's maxLength is {slot.MaxLength}" : null;
    }

    /// <summary>A brief's tone shuts out patterns that speak in another one.</summary>
    private static IEnumerable<Draft> InTone(IEnumerable<Draft> drafts, Tone tones) =>
        tones == Tone.None ? drafts : drafts.Where(draft => draft.Pattern.Tones == Tone.None || (draft.Pattern.Tones & tones) != 0);

    /// <summary>Without what must not be said, what is there, and what was proposed before; no two that read alike.</summary>
    private static List<Draft> Acceptable(WritingRequest request, SlotText slot, BannedWords banned, IEnumerable<Draft> drafts)
    {
        var read = slot.Texts.Select(Folding.Letters).ToHashSet(StringComparer.Ordinal);
        return [.. drafts.Where(draft => banned.In(draft.Text) is null && read.Add(Folding.Letters(draft.Text)) && IsNew(request, slot.ContentOf(draft.Text)))];
    }

    private static bool IsNew(WritingRequest request, ModuleContent content) =>
        !request.Spent.Contains(content.Hash) && Encoding.UTF8.GetByteCount(content.Json) <= Limits.ContentBytes;

    private static Tone TonesOf(Draft draft, Tone asked) => asked == Tone.None ? draft.Pattern.Tones : draft.Pattern.Tones & asked;

    private static string? NoteOn(WritingRequest request, int written, Frame frame, Wishes wishes, int missed)
    {
        var notes = new List<string>();
        if (wishes.Note is { } note)
            notes.Add(note);
        if (written == 0)
            notes.Add($"nothing new that the brief allows fits into {frame.Room} characters");
        else if (missed > 0)
            notes.Add("no text that fits has all that is wanted; these have most of it");
        if (written > 0 && written < request.Candidates)
            notes.Add($"the brief allows {written} new texts, {request.Candidates} were asked for");
        return notes.Count == 0 ? null : string.Join("; ", notes);
    }

    private static Grammar GrammarOf(MessageLanguage language) => language switch
    {
        MessageLanguage.French => GrammarFr.Grammar,
        MessageLanguage.English => GrammarEn.Grammar,
        _ => throw new ArgumentOutOfRangeException(nameof(language), language, "Expected French or English."),
    };

    private static WritingResult Nothing(string why) => new() { Writer = WriterKind.Offline, Note = why };
}
