using System.Collections.Immutable;
using System.Globalization;
using Flywheel.Domain.Campaigns;
using Flywheel.Domain.Governance.Copy;

namespace Flywheel.Domain.Governance;

/// <summary>
/// New messaging is new: not what the slot serves already, what people refused or what waits for their decision. Texts are compared as folded words; they are the same
/// when the words are, in whatever order, or when the Dice coefficient of their letter trigrams reaches <see cref="Threshold"/>.
/// Modules with different images are different.
/// </summary>
internal sealed class DuplicateRule : IGuardrail
{
    /// <summary>Shared trigrams × 2 ÷ all trigrams, 0 to 1.</summary>
    public const double Threshold = 0.85;

    public string Name => "duplicate";

    public void Inspect(Inspection inspection, FindingList findings)
    {
        var own = new Signature(inspection.Passages);
        foreach (var module in inspection.Live)
            Compare(own, inspection.Candidate.Content, module.Content, $"the live module {module.Id}", findings);
        foreach (var content in inspection.Rejected)
            Compare(own, inspection.Candidate.Content, content, "what was rejected before", findings);
        foreach (var content in inspection.Pending)
            Compare(own, inspection.Candidate.Content, content, "what waits for a decision already", findings);
    }

    private static void Compare(Signature own, ModuleContent content, ModuleContent other, string whose, FindingList findings)
    {
        if (content.Equals(other))
        {
            findings.Block("content", $"the same as {whose}", "something new");
            return;
        }
        if (PassageReader.Read(other) is not { } passages)
            return;
        var similarity = own.SimilarityTo(new Signature(passages));
        if (similarity >= 1)
            findings.Block("content", $"the same as {whose} but for case, accents, marks or order", "something new");
        else if (similarity >= Threshold)
            findings.Block("content", string.Create(CultureInfo.InvariantCulture, $"{similarity:P0} like {whose}"), string.Create(CultureInfo.InvariantCulture, $"less than {Threshold:P0}"));
    }

    /// <summary>What two contents are compared by.</summary>
    private sealed class Signature
    {
        private readonly string _address;
        private readonly ImmutableArray<string> _words;
        private readonly Dictionary<(char, char, char), int> _trigrams = [];
        private readonly int _count;

        public Signature(ImmutableArray<Passage> passages)
        {
            _address = passages.FirstOrDefault(passage => passage.Kind == PassageKind.Address)?.Text.Split('#')[0].ToLowerInvariant() ?? "";
            var words = passages.Where(passage => passage.Kind == PassageKind.Copy).SelectMany(passage => passage.Folded.Words).ToArray();
            _words = [.. words.Order(StringComparer.Ordinal)];
            var line = $"  {string.Join(' ', words)} ";
            for (var i = 2; i < line.Length; i++)
                _trigrams[(line[i - 2], line[i - 1], line[i])] = _trigrams.GetValueOrDefault((line[i - 2], line[i - 1], line[i])) + 1;
            _count = line.Length - 2;
        }

        /// <summary>0 to 1; 1 where the words, or the images, are the same.</summary>
        public double SimilarityTo(Signature other)
        {
            if (_address.Length > 0 && other._address.Length > 0)
                return _address == other._address ? 1 : 0;
            if (_words.IsEmpty || other._words.IsEmpty)
                return 0;
            if (_words.SequenceEqual(other._words))
                return 1;
            var shared = _trigrams.Sum(trigram => Math.Min(trigram.Value, other._trigrams.GetValueOrDefault(trigram.Key)));
            return Math.Min(2.0 * shared / (_count + other._count), 0.999);
        }
    }
}
