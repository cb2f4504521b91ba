using System.Collections.Immutable;
using Flywheel.Agents.Writing;
using Flywheel.Decisions;

namespace Flywheel.Agents.Offline;

/// <summary>
/// Chooses among drafts: those that meet most wishes, of them the ones that carry the brief best, speak in its tone and have what
/// resonates, as unlike each other as they come, no two that differ in their ending alone. The weights order texts, they measure nothing.
/// </summary>
internal sealed class Chooser
{
    private const double PerClaim = 3;
    private const double InTone = 2;
    private const double WithIntent = 3;
    private const double WithBrand = 1;
    private const double FadedAngle = -4;
    private const double SamePattern = -8;
    private const double SameAngle = -4;
    private const double SameClaim = -3;
    private const double SameCall = -2;

    /// <summary>What the seed may turn: as much as a claim, less than a repetition.</summary>
    private const double Chance = 3;

    /// <summary>What an attribute adds that surely resonates above average, and takes that surely does not.</summary>
    private const double Resonance = 4;

    private readonly WritingRequest _request;
    private readonly FrameRole _role;
    private readonly Tone _tones;
    private readonly Angle? _faded;

    public Chooser(WritingRequest request, FrameRole role, Tone tones)
    {
        (_request, _role, _tones) = (request, role, tones);
        var replaced = request.Reason == WritingReason.Faded ? request.Slot.Modules.FirstOrDefault(module => module.Id == request.Replaces) : null;
        _faded = replaced?.Attributes.TryGetValue(AttributeNames.Angle, out var angle) == true ? Vocabulary.AngleOf(angle) : null;
    }

    /// <param name="drafts">No two that read alike.</param>
    /// <param name="wishes">What a text should be.</param>
    /// <param name="missed">How many wishes the chosen texts do not meet.</param>
    public ImmutableArray<Draft> Choose(IReadOnlyCollection<Draft> drafts, Wishes wishes, out int missed)
    {
        var most = drafts.Count == 0 ? 0 : drafts.Max(wishes.MetBy);
        missed = wishes.Count - most;
        var left = OfLength([.. drafts.Where(draft => wishes.MetBy(draft) == most)], wishes.Length)
            .ToDictionary(draft => draft, ValueOf);
        var chosen = ImmutableArray.CreateBuilder<Draft>();
        while (chosen.Count < _request.Candidates && left.Count > 0)
        {
            var best = left.MaxBy(pair => pair.Value + chosen.Sum(other => Likeness(pair.Key, other))).Key;
            chosen.Add(best);
            foreach (var twin in left.Keys.Where(draft => draft.Pattern == best.Pattern && draft.Claim == best.Claim).ToArray())
                left.Remove(twin);
        }
        return chosen.ToImmutable();
    }

    /// <summary>The shorter or the longer half.</summary>
    private static IEnumerable<Draft> OfLength(Draft[] drafts, int wish)
    {
        if (wish == 0)
            return drafts;
        var sorted = drafts.OrderBy(draft => wish < 0 ? draft.Text.Length : -draft.Text.Length).ThenBy(draft => draft.Text, StringComparer.Ordinal);
        return sorted.Take((drafts.Length + 1) / 2);
    }

    private double ValueOf(Draft draft) =>
        draft.Claims * PerClaim
        + (draft.Pattern.NamesBrand ? WithBrand : 0)
        + ((draft.Pattern.Tones & _tones) != 0 ? InTone : 0)
        + (draft.Call is null ? 0 : _role == FrameRole.Body ? 2 : -1)
        + (draft.Pattern.Angle == _faded ? FadedAngle : 0)
        + (draft.Pattern.Intent != Intent.Discover ? WithIntent : 0)
        + _request.Resonating.Sum(figure => IsOf(figure, draft.Pattern) ? WorthOf(figure) : 0)
        + Chance * Mixing.ToUnit(Mixing.Spread(Mixing.Of(draft.Text, _request.Seed)));

    private static double Likeness(Draft one, Draft other) =>
        (one.Pattern == other.Pattern ? SamePattern : 0)
        + (one.Pattern.Angle == other.Pattern.Angle ? SameAngle : 0)
        + (one.Claim is not null && one.Claim == other.Claim ? SameClaim : 0)
        + (one.Call is not null && one.Call == other.Call ? SameCall : 0);

    private static bool IsOf(AttributeResonance figure, Pattern pattern) => figure.Name switch
    {
        AttributeNames.Angle => Vocabulary.AngleOf(figure.Value) == pattern.Angle,
        AttributeNames.Tone => (Vocabulary.TonesOf(figure.Value) & pattern.Tones) != 0,
        AttributeNames.Format => Vocabulary.FormatOf(figure.Value) == pattern.Format,
        _ => false,
    };

    private static double WorthOf(AttributeResonance figure) =>
        figure.Resonance.Low > 100 ? Resonance : figure.Resonance.High < 100 ? -Resonance : 0;
}
