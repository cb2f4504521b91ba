using System.Collections.Immutable;
using Flywheel.Agents.Writing;

namespace Flywheel.Agents.Offline;

/// <summary>How a text's angle, tone and format are written down: as the campaign does already, otherwise in English.</summary>
internal sealed class AttributeNames(WritingRequest request)
{
    public const string Angle = "angle";
    public const string Tone = "tone";
    public const string Format = "format";

    private readonly ImmutableArray<(string Name, string Value)> _known =
    [
        .. request.Wanted.Select(pair => (pair.Key, pair.Value)),
        .. request.Resonating.Select(figure => (figure.Name, figure.Value)),
        .. request.Slot.Modules.SelectMany(module => module.Attributes).Select(pair => (pair.Key, pair.Value)),
    ];

    /// <param name="tones">Of the pattern's tones those that were asked for; none where the pattern suits all.</param>
    public ImmutableSortedDictionary<string, string> Of(Pattern pattern, Tone tones)
    {
        var attributes = ImmutableSortedDictionary.CreateBuilder<string, string>();
        attributes[Angle] = Spelling(Angle, value => Vocabulary.AngleOf(value) == pattern.Angle) ?? Lower(pattern.Angle);
        attributes[Format] = Spelling(Format, value => Vocabulary.FormatOf(value) == pattern.Format) ?? Lower(pattern.Format);
        if (tones != Offline.Tone.None)
            attributes[Tone] = Spelling(Tone, value => (Vocabulary.TonesOf(value) & tones) != 0) ?? Lower(tones);
        return attributes.ToImmutable();
    }

    private string? Spelling(string name, Func<string, bool> means) => _known.Where(pair => pair.Name == name && means(pair.Value)).Select(pair => pair.Value).FirstOrDefault();

    private static string Lower<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
