using Flywheel.Agents.Writing;

namespace Flywheel.Agents.Offline;

/// <summary>What the request would like a text to be, as far as this writer knows what it means.</summary>
internal sealed record Wishes
{
    public Angle? Angle { get; private init; }

    public Tone Tone { get; private init; }

    public TextFormat? Format { get; private init; }

    /// <summary>−1 for shorter texts, 1 for longer ones, 0 for any.</summary>
    public int Length { get; private init; }

    /// <summary>What could not be understood, for people; null where all was.</summary>
    public string? Note { get; private init; }

    public int Count => (Angle is null ? 0 : 1) + (Tone == Tone.None ? 0 : 1) + (Format is null ? 0 : 1);

    /// <summary>What a person says counts before what the evidence wants.</summary>
    public static Wishes Of(WritingRequest request)
    {
        var notes = new List<string>();
        var comment = request.Comment ?? "";
        var length = Vocabulary.AsksShorter(comment) ? -1 : Vocabulary.AsksLonger(comment) ? 1 : 0;
        var wishes = new Wishes { Angle = Vocabulary.AngleOf(comment), Tone = Vocabulary.TonesOf(comment), Length = length };
        if (comment.Length > 0 && wishes.Count == 0 && length == 0)
            notes.Add("the comment names no angle, tone or length that the offline writer knows; it offers other texts");
        foreach (var (name, value) in request.Wanted)
        {
            if (!IsKnown(name, value))
                notes.Add($"the offline writer knows no {name} \"{value}\"");
            else
                wishes = wishes.With(name, value);
        }
        return wishes with { Note = notes.Count == 0 ? null : string.Join("; ", notes) };
    }

    /// <summary>How many of the wishes a text meets.</summary>
    public int MetBy(Draft draft) =>
        (Angle == draft.Pattern.Angle ? 1 : 0) + ((Tone & draft.Pattern.Tones) != 0 ? 1 : 0) + (Format == draft.Pattern.Format ? 1 : 0);

    private Wishes With(string name, string value) => name switch
    {
        AttributeNames.Angle => this with { Angle = Angle ?? Vocabulary.AngleOf(value) },
        AttributeNames.Tone => this with { Tone = Tone == Tone.None ? Vocabulary.TonesOf(value) : Tone },
        _ => this with { Format = Vocabulary.FormatOf(value) },
    };

    private static bool IsKnown(string name, string value) => name switch
    {
        AttributeNames.Angle => Vocabulary.AngleOf(value) is not null,
        AttributeNames.Tone => Vocabulary.TonesOf(value) != Tone.None,
        AttributeNames.Format => Vocabulary.FormatOf(value) is not null,
        _ => false,
    };
}
