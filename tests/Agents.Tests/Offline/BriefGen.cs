using System.Collections.Immutable;
using CsCheck;
using Flywheel.Agents.Writing;
using Flywheel.Domain.Campaigns;

namespace Flywheel.Agents.Tests.Offline;

/// <summary>Generates requests around briefs as people write them, thin, contradictory and hostile ones among them.</summary>
internal static class BriefGen
{
    private static readonly Gen<string?> Brand = Gen.OneOf<string?>(
        null, "", "Aster", "Éole", "Nimbus", "Hermine", "Yvette & Cie", "SNCB", "8 à 8", "iBoat", "Les Ateliers du Ponant", "{claim}", "[vous|tu]", "<b>Aster</b>", "a\nb");

    private static readonly Gen<string> Claim = Gen.OneOf(
        "free returns for 30 days", "Made in France.", "retours gratuits sous 30 jours", "20 % de laine", "Aster ships in 24 h", "iBoat inside", "Really?", "it’s light", "guaranteed quality",
        "https://example.com/a", "<script>alert(1)</script>", "a\tb", "été comme hiver", "{brand}", "");

    private static readonly Gen<string> Said = Gen.OneOf("Terms apply.", "voir conditions", "Aster", "18+", "RCS 123 456", "{Claim}", " ");

    private static readonly Gen<string> Unsaid = Gen.OneOf("guaranteed", "gratuit", "free", "discover", "découvrir", "Terms", "%", "why", "");

    private static readonly Gen<string> Tones = Gen.OneOf("warm", "ludique", "formel", "direct", "tutoiement", "purple");

    private static readonly Gen<Brief> Brief = Gen.Select(
        Brand, Gen.OneOf<string?>(null, "first orders", "inscriptions", "awareness"), Texts(Tones, 2), Gen.OneOf<string?>(null, "fr", "en-GB", "de"), Texts(Said, 2), Texts(Unsaid, 2), Texts(Claim, 4))
        .Select((brand, objective, tone, language, mustSay, neverSay, claims) => new Brief
        {
            Brand = brand,
            Objective = objective,
            Tone = tone,
            Language = language,
            MustSay = mustSay,
            NeverSay = neverSay,
            Claims = claims,
        });

    private static readonly Gen<Slot> Slot = Gen.Select(Gen.OneOf("headline", "cta", "body"), Gen.Int[1, 300].Nullable(), Gen.OneOf(12, 60, 200)).Select((id, maxLength, length) =>
        new Slot { Id = id, Kind = "text", MaxLength = maxLength, Modules = [Requests.Text("m1", new string('x', Math.Min(length, maxLength ?? length)), "curiosité"), Requests.Text("m2", "Découvrez")] });

    private static readonly Gen<ImmutableSortedDictionary<string, string>> Wanted = Gen.Select(
        Gen.OneOf("angle", "tone", "format", "colour"), Gen.OneOf("question", "proof", "preuve", "warm", "formel", "imperative", "nostalgia")).Array[0, 2]
        .Select(pairs => pairs.DistinctBy(pair => pair.Item1).ToImmutableSortedDictionary(pair => pair.Item1, pair => pair.Item2));

    public static readonly Gen<WritingRequest> Any = Gen.Select(
        Gen.Select(Brief.Null(), Gen.Enum<MessageLanguage>(), Gen.Enum<WritingReason>()), Slot, Gen.Int[1, 8], Wanted, Gen.OneOf<string?>(null, "shorter please", "une question !", "hmm"), Gen.ULong)
        .Select((head, slot, candidates, wanted, comment, seed) => new WritingRequest
        {
            Brief = head.Item1,
            Language = head.Item2,
            Reason = head.Item3,
            Slot = slot,
            Candidates = candidates,
            Wanted = wanted,
            Comment = comment,
            Replaces = "m1",
            Seed = seed,
        });

    private static Gen<ImmutableArray<string>> Texts(Gen<string> text, int most) => text.Array[0, most].Select(texts => texts.ToImmutableArray());
}
