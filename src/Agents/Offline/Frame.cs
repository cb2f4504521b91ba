using Flywheel.Agents.Writing;
using Flywheel.Domain.Campaigns;

namespace Flywheel.Agents.Offline;

/// <summary>The place that a text has to fit: how long it may be, and what is written there.</summary>
/// <param name="Role">What is written there.</param>
/// <param name="Room">Text elements; never more than the slot's limit.</param>
internal sealed record Frame(FrameRole Role, int Room)
{
    private const int ButtonRoom = 25;
    private const int LineRoom = 60;
    private const int LongestLine = 140;

    private static readonly string[] ButtonWords = ["cta", "button", "bouton", "action"];

    /// <summary>The modules that are there show how long a text usually is; one may be half as long again, and what must be said comes on top.</summary>
    public static Frame Of(Slot slot, SlotText text, int mustSay)
    {
        var limit = text.MaxLength ?? Limits.TextLength;
        var longest = text.Texts.Select(SlotText.Length).DefaultIfEmpty().Max();
        var names = $"{Folding.Words(slot.Id)} {Folding.Words(slot.Kind ?? "")}".Split(' ');
        var role = limit <= ButtonRoom || names.Intersect(ButtonWords).Any() ? FrameRole.Button
            : Math.Min(limit, longest) > LongestLine ? FrameRole.Body
            : FrameRole.Line;
        var usual = Math.Max(role == FrameRole.Button ? ButtonRoom : LineRoom, longest * 3 / 2);
        return new Frame(role, Math.Min(limit, usual + mustSay));
    }
}
