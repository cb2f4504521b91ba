using System.Collections.Immutable;
using CsCheck;
using Flywheel.Decisions;

namespace Flywheel.Domain.Tests.Learning;

/// <summary>What a policy is made of.</summary>
internal sealed record PolicyCase(ImmutableArray<int> Shape, ulong[] Draws, double Control, double MinPropensity)
{
    private static readonly Gen<double> Share = Gen.Frequency((1, Gen.Const(0.0)), (1, Gen.Const(1.0)), (1, Gen.Const(0.05)), (3, Gen.Double.Unit));

    public static readonly Gen<PolicyCase> Any =
        Gen.Select(Gen.Int[1, 5].Array[1, 3], Gen.Int[0, 999].Array[1, 300], Share, Share).Select((shape, draws, control, floor) =>
        {
            var combinations = AllOf(shape).ToArray();
            return new PolicyCase([.. shape], [.. draws.Select(draw => combinations[draw % combinations.Length])], control, floor / combinations.Length);
        });

    public SegmentPolicy Policy => new(1, Shape, Draws, Control, MinPropensity);

    /// <summary>Every combination of the shape.</summary>
    public IEnumerable<ulong> Combinations() => AllOf(Shape);

    public static IEnumerable<ulong> AllOf(IReadOnlyList<int> shape) => shape.Aggregate(
        Enumerable.Repeat<int[]>([], 1), (heads, modules) => heads.SelectMany(head => Enumerable.Range(0, modules).Select(module => (int[])[.. head, module]))).Select(Pack);

    public override string ToString() => $"shape {string.Join('×', Shape)}, {Draws.Length} draws, control {Control:R}, least {MinPropensity:R}";

    private static ulong Pack(int[] modules) => modules.Select((module, slot) => (module, slot)).Aggregate(0UL, (packed, at) => Combination.With(packed, at.slot, at.module));
}
